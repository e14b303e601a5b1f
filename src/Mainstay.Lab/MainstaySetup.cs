using System.Diagnostics;
using System.Text.Json;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Power;

namespace Mainstay.Lab;

/// <summary>Makes a cluster of a lab's hosts with the commands that an administrator would type on real ones.</summary>
public static class MainstaySetup
{
    private const int AgentPort = 7780;
    private const string AgentSocket = "/run/mainstay/agent.sock";
    private static readonly TimeSpan AgentLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(60);

    /// <summary>init on the first host, join on the others and the witness, then a fence method for each host.</summary>
    public static async Task Join(LabCluster lab, LabFence fence, Action<string> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(progress);
        await Task.WhenAll(lab.Options.Machines.Select(host => WaitForAgent(lab, host, cancel))).ConfigureAwait(false);
        var first = lab.Layout.Hosts[0];
        var init = await Mainstay(
            lab, first.Name, ["init", "--cluster", lab.Options.Name, .. Addresses(first), "--json"], "", cancel).ConfigureAwait(false);
        var token = Token(init);
        progress($"{first.Name} began the cluster");
        // One after the other: each join may make the host a voter of the store, and a second change waits for the first anyway.
        foreach (var host in lab.Layout.Hosts.Skip(1))
        {
            await JoinOne(lab, host, first, token, cancel).ConfigureAwait(false);
            progress($"{host.Name} joined");
        }

        foreach (var host in lab.Layout.Hosts.Where(host => !host.IsWitness))
            await SetFence(lab, host, first, fence, cancel).ConfigureAwait(false);
    }

    /// <summary>Joins a host that is no member any more with a new token of another, and sets its fence method.</summary>
    public static async Task JoinAgain(LabCluster lab, string host, string member, LabFence fence, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        await WaitForAgent(lab, host, cancel).ConfigureAwait(false);
        var (plan, via) = (lab.Layout.Host(host), lab.Layout.Host(member));
        var token = Token(await Mainstay(lab, member, ["token", "--json"], "", cancel).ConfigureAwait(false));
        await JoinOne(lab, plan, via, token, cancel).ConfigureAwait(false);
        if (!plan.IsWitness)
            await SetFence(lab, plan, via, fence, cancel).ConfigureAwait(false);
    }

    /// <summary>Adopts every guest. In a lab hosts die all the time, so a guest that was there at two losses is started again.</summary>
    public static async Task ProtectAll(LabCluster lab, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        await Mainstay(lab, lab.Options.Hosts[0], ["protect", "--all", "--on-repeated-loss", "restart"], "", cancel).ConfigureAwait(false);
    }

    /// <summary>Runs the command-line program on a host, secrets on its standard input; its output, or what went wrong.</summary>
    public static async Task<string> Mainstay(
        LabCluster lab, string host, IReadOnlyList<string> arguments, string input, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var outcome = await lab.Exec(host, ["mainstay", .. arguments], input, StepLimit, cancel).ConfigureAwait(false);
        return outcome.OutputOr($"'mainstay {string.Join(' ', arguments.Take(2).Where(word => !word.StartsWith('-')))}' failed on {host}");
    }

    internal static IReadOnlyList<string> FenceArguments(LabCluster lab, LabFence fence, string host)
    {
        var options = fence switch
        {
            LabFence.Ipmi => new[]
            {
                "ip=" + lab.Layout.Host(host).BmcAddress, "username=" + BmcSimulator.User, "password=-",
                "cipher=3", "lanplus=1", "power_wait=0",
            },
            LabFence.Instant => ["ip=" + lab.RunnerAddress, "plug=" + host],
        };
        var agent = fence switch { LabFence.Ipmi => "fence_ipmilan", LabFence.Instant => "fence_lab" };
        return ["--name", "bmc", "--agent", agent, .. options.SelectMany(option => new[] { "--option", option })];
    }

    /// <summary>Until the agent on a host takes commands.</summary>
    public static async Task WaitForAgent(LabCluster lab, string host, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var status = await lab.Status(cancel).ConfigureAwait(false);
        var init = status.Hosts.First(known => known.Name == host).InitPid ?? throw new LabException($"{host} is off.");
        // The host's own /run, seen through its first process: no command has to be started on a busy machine.
        var socket = $"/proc/{init}/root{AgentSocket}";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < AgentLimit; await Task.Delay(10, cancel).ConfigureAwait(false))
        {
            if (File.Exists(socket))
                return;
        }

        throw new LabException(
            $"The agent on {host} did not start within {AgentLimit.TotalSeconds:0} s; see {lab.HostDirectory(host)}/console.log.");
    }

    private static Task<string> JoinOne(LabCluster lab, HostPlan host, HostPlan member, string token, CancellationToken cancel)
    {
        string[] role = host.IsWitness ? ["--witness"] : [];
        return Mainstay(lab, host.Name,
            ["join", $"{member.ManagementAddress}:{AgentPort}", "-", .. Addresses(host), .. role], token, cancel);
    }

    private static Task<string> SetFence(LabCluster lab, HostPlan host, HostPlan member, LabFence fence, CancellationToken cancel) =>
        Mainstay(lab, member.Name,
            ["fence", "set", host.Name, .. FenceArguments(lab, fence, host.Name)], BmcSimulator.Password, cancel);

    private static string[] Addresses(HostPlan host) => ["--address", host.ManagementAddress, "--address", host.StorageAddress];

    private static string Token(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("token").GetString() ?? throw new LabException("'mainstay init' gave an empty token.");
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new LabException($"No token was printed as JSON: {json}", wrong);
        }
    }
}
