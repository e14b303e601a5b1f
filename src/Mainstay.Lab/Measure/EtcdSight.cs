using System.Diagnostics;
using System.Text.Json;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Measure;

/// <summary>Looks at the cluster's store from outside, with etcd's own tool: who votes, who leads.</summary>
internal sealed class EtcdSight(LabCluster lab)
{
    private const int ClientPort = 7782;
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Tool =
    [
        "env", "ETCDCTL_API=3", "etcdctl", "--cacert=/etc/mainstay/ca.crt", "--cert=/etc/mainstay/host.crt", "--key=/etc/mainstay/host.key",
        "--command-timeout=3s", "-w", "json",
    ];

    /// <summary>Until so many members vote and agree on a leader: from then on the loss of one is survived.</summary>
    public async Task<string> WaitForVoters(int count, TimeSpan limit, CancellationToken cancel)
    {
        var seen = "nothing";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < limit; await Task.Delay(Pause, cancel).ConfigureAwait(false))
        {
            var members = new List<Member>();
            foreach (var host in lab.Layout.Hosts)
            {
                if (await Ask(host, cancel).ConfigureAwait(false) is { } member)
                    members.Add(member);
            }

            var voters = members.Where(member => !member.Learner).ToArray();
            seen = $"{voters.Length} voters of {members.Count} members";
            if (voters.Length >= count && voters.Select(member => member.Leader).Distinct().ToArray() is [not 0UL]
                && voters.FirstOrDefault(member => member.Id == member.Leader) is { } leader)
                return leader.Host;
        }

        throw new LabException($"The store did not get {count} voters and a leader within {limit.TotalSeconds:0} s; seen: {seen}.");
    }

    /// <summary>The host whose etcd leads; null when none is seen.</summary>
    public async Task<string?> Leader(CancellationToken cancel)
    {
        foreach (var host in lab.Layout.Hosts)
        {
            if (await Ask(host, cancel).ConfigureAwait(false) is { } member && member.Id == member.Leader)
                return host.Name;
        }

        return null;
    }

    /// <summary>Asks the store's leader to hand over to the member on another host; true when that one leads.</summary>
    public async Task<bool> MoveLeader(string to, CancellationToken cancel)
    {
        var from = await Leader(cancel).ConfigureAwait(false);
        if (from == to)
            return true;
        if (from is null || await Ask(lab.Layout.Host(to), cancel).ConfigureAwait(false) is not { } target)
            return false;
        var outcome = await Run(lab.Layout.Host(from), ["move-leader", target.Id.ToString("x")], cancel).ConfigureAwait(false);
        return outcome.Succeeded && await Leader(cancel).ConfigureAwait(false) == to;
    }

    private async Task<Member?> Ask(HostPlan host, CancellationToken cancel)
    {
        var outcome = await Run(host, ["endpoint", "status"], cancel).ConfigureAwait(false);
        if (outcome is not CommandOutcome.Exited { Code: 0 } done)
            return null;
        try
        {
            using var document = JsonDocument.Parse(done.Output);
            var status = document.RootElement[0].GetProperty("Status");
            return new Member(
                host.Name,
                status.GetProperty("header").GetProperty("member_id").GetUInt64(),
                status.TryGetProperty("leader", out var leader) ? leader.GetUInt64() : 0,
                status.TryGetProperty("isLearner", out var learner) && learner.GetBoolean());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private Task<CommandOutcome> Run(HostPlan host, IReadOnlyList<string> words, CancellationToken cancel) =>
        lab.Exec(host.Name, [.. Tool, $"--endpoints=https://{host.ManagementAddress}:{ClientPort}", .. words], AskLimit, cancel);

    private sealed record Member(string Host, ulong Id, ulong Leader, bool Learner);
}
