using Mainstay.Lab.Control;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab;

/// <summary>
/// A running lab, seen from outside: its hosts can be killed, hung, cut off and brought back. Disposing it takes the lab down unless
/// <see cref="Keep"/> was called or the lab was only attached to.
/// </summary>
public sealed class LabCluster : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(10);

    private readonly LabLayout layout;
    private readonly ControlConnection connection;
    private readonly SerialQueue line = new();
    private bool owned;

    private LabCluster(LabLayout layout, ControlConnection connection, bool owned)
    {
        this.layout = layout;
        this.connection = connection;
        this.owned = owned;
    }

    public LabOptions Options => layout.Options;

    /// <summary>What the hosts see as /srv/shared.</summary>
    public string SharedDirectory => layout.SharedDirectory;

    public string RunnerAddress => layout.RunnerAddress;

    internal LabLayout Layout => layout;

    /// <summary>
    /// Starts the hosts and waits until libvirt answers on each. Mainstay's programs run on them, not yet joined, unless bare.
    /// </summary>
    public static async Task<LabCluster> Up(LabOptions options, CancellationToken cancel)
    {
        var layout = new LabLayout(options);
        Prerequisites.Require(options);
        var connection = await SupervisorProcess.Start(layout, cancel).ConfigureAwait(false);
        var lab = new LabCluster(layout, connection, owned: true);
        var ready = false;
        try
        {
            await lab.Ask(new LabRequest { Verb = "own" }, cancel).ConfigureAwait(false);
            await lab.Ask(new LabRequest { Verb = "start" }, cancel).ConfigureAwait(false);
            await Task.WhenAll(options.Machines.Select(host => lab.WaitReady(host, cancel))).ConfigureAwait(false);
            ready = true;
            return lab;
        }
        finally
        {
            if (!ready)
                await lab.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The lab that is up in this directory.</summary>
    public static async Task<LabCluster> Attach(string stateDirectory, CancellationToken cancel)
    {
        var layout = new LabLayout(LabSupervisor.Load(stateDirectory));
        var connection = await ControlConnection.Open(layout, cancel).ConfigureAwait(false)
            ?? throw new LabException($"The lab in {stateDirectory} is not up. Start it with 'mainstay lab up'.");
        return new LabCluster(layout, connection, owned: false);
    }

    /// <summary>Removes a lab, whether its supervisor lives or not, and its directory. True when there was one.</summary>
    public static Task<bool> Down(string stateDirectory, CancellationToken cancel) => SupervisorProcess.End(stateDirectory, cancel);

    /// <summary>Lets the lab outlive this program.</summary>
    public async Task Keep(CancellationToken cancel)
    {
        await Ask(new LabRequest { Verb = "keep" }, cancel).ConfigureAwait(false);
        owned = false;
    }

    /// <summary>Power loss: every process of the host is gone when this returns.</summary>
    public Task Kill(string host, bool withBmc, CancellationToken cancel) =>
        Ask(new LabRequest { Verb = "kill", Host = host, WithBmc = withBmc }, cancel);

    /// <summary>Power on, and until libvirt answers.</summary>
    public async Task Revive(string host, CancellationToken cancel)
    {
        await Ask(new LabRequest { Verb = "revive", Host = host }, cancel).ConfigureAwait(false);
        await WaitReady(host, cancel).ConfigureAwait(false);
    }

    /// <summary>Everything on the host stops at once and nothing answers, but it has power.</summary>
    public Task Hang(string host, CancellationToken cancel) => Ask(new LabRequest { Verb = "hang", Host = host }, cancel);

    public Task Resume(string host, CancellationToken cancel) => Ask(new LabRequest { Verb = "resume", Host = host }, cancel);

    public Task Pause(string host, LabProcess program, CancellationToken cancel) =>
        Ask(new LabRequest { Verb = "pause", Host = host, Process = program }, cancel);

    public Task Resume(string host, LabProcess program, CancellationToken cancel) =>
        Ask(new LabRequest { Verb = "resume", Host = host, Process = program }, cancel);

    /// <summary>SIGKILL; the host starts the program again as a service manager would.</summary>
    public async Task<IReadOnlyList<int>> KillProcess(string host, LabProcess program, CancellationToken cancel)
    {
        var reply = await Ask(new LabRequest { Verb = "kill-process", Host = host, Process = program }, cancel).ConfigureAwait(false);
        return reply.Pids ?? [];
    }

    public Task Cut(LinkCut cut, CancellationToken cancel) => Cut([cut], cancel);

    /// <summary>All of them at the same instant.</summary>
    public Task Cut(IReadOnlyList<LinkCut> cuts, CancellationToken cancel) => Ask(new LabRequest { Verb = "cut", Cuts = cuts }, cancel);

    /// <summary>Both networks of a host, both directions, everybody.</summary>
    public Task Isolate(string host, CancellationToken cancel) => Isolate([host], cancel);

    /// <summary>The same for several at the same instant; for all of them it is the loss of every switch.</summary>
    public Task Isolate(IReadOnlyList<string> hosts, CancellationToken cancel) => Cut(
        [
            .. from host in hosts
               from net in new[] { LabNet.Management, LabNet.Storage }
               select new LinkCut(host, net, CutDirection.Both),
        ], cancel);

    /// <summary>Ends the cuts of one host, or all.</summary>
    public Task Heal(string? host, CancellationToken cancel) => Ask(new LabRequest { Verb = "heal", Host = host }, cancel);

    public Task SetBmc(string host, BmcMode mode, TimeSpan delay, CancellationToken cancel) =>
        Ask(new LabRequest { Verb = "bmc", Host = host, Bmc = mode, DelaySeconds = delay.TotalSeconds }, cancel);

    public async Task<LabStatus> Status(CancellationToken cancel)
    {
        var reply = await Ask(new LabRequest { Verb = "status" }, cancel).ConfigureAwait(false);
        return reply.Status ?? throw new LabException("The lab's supervisor gave no status.");
    }

    /// <summary>Runs a command on a host. A host that is off is an error.</summary>
    public async Task<CommandOutcome> Exec(string host, IReadOnlyList<string> command,
        string input, TimeSpan limit, CancellationToken cancel)
    {
        var arguments = await EnterArguments(host, command, cancel).ConfigureAwait(false);
        return await Command.Run("nsenter", arguments, input, limit, cancel).ConfigureAwait(false);
    }

    public Task<CommandOutcome> Exec(string host, IReadOnlyList<string> command, TimeSpan limit, CancellationToken cancel) =>
        Exec(host, command, "", limit, cancel);

    /// <summary>What follows "nsenter" to run a command inside a host, for those who start it themselves (an interactive shell).</summary>
    public async Task<IReadOnlyList<string>> EnterArguments(string host, IReadOnlyList<string> command, CancellationToken cancel)
    {
        var status = await Status(cancel).ConfigureAwait(false);
        var pid = status.Hosts.FirstOrDefault(known => known.Name == layout.Host(host).Name)?.InitPid
            ?? throw LabException.Off(host);
        return EnterHost.Arguments(pid, command);
    }

    /// <summary>Where a host's files are on this machine: etc-libvirt, lib-mainstay, console.log, ….</summary>
    public string HostDirectory(string host) => layout.Host(host).Directory;

    /// <summary>Until the host has its addresses and libvirt answers on it; a witness has none.</summary>
    public async Task WaitReady(string host, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ReadyLimit);
        var libvirt = layout.Host(host).IsWitness ? "" : " && exec virsh -q -c qemu:///system uri";
        string[] probe = ["sh", "-c", "test -e /run/booted" + libvirt];
        try
        {
            while (!(await Exec(host, probe, ProbeLimit, limit.Token).ConfigureAwait(false)).Succeeded)
                await Task.Delay(20, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LabException(
                $"libvirt on {host} did not answer within {ReadyLimit.TotalSeconds:0} s; see {HostDirectory(host)}/console.log.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (owned)
        {
            owned = false;
            await SupervisorProcess.End(layout.Options.StateDirectory, CancellationToken.None).ConfigureAwait(false);
        }

        await line.DisposeAsync().ConfigureAwait(false);
        connection.Dispose();
    }

    /// <summary>Closes the connection and nothing else, as a crash of this program would.</summary>
    internal void Abandon()
    {
        owned = false;
        connection.Dispose();
    }

    private Task<LabReply> Ask(LabRequest request, CancellationToken cancel) => line.Do(() => connection.Ask(request, cancel));
}
