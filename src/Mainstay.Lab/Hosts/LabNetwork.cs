using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Hosts;

/// <summary>The two bridges, the links of the hosts, the addresses of the BMCs and the faults on all of them.</summary>
internal sealed class LabNetwork(LabLayout layout, MadeThings made)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task Create(CancellationToken cancel)
    {
        made.Link(layout.ManagementBridge);
        made.Link(layout.StorageBridge);
        made.Table(layout.FaultTable);
        await Batch(
        [
            // An own address: otherwise a bridge takes that of a port, and changes it under its neighbours when the port's host dies.
            $"link add {layout.ManagementBridge} address 52:54:00:4d:00:fe type bridge forward_delay 0 stp_state 0",
            $"link add {layout.StorageBridge} address 52:54:00:53:00:fe type bridge forward_delay 0 stp_state 0",
            $"addr add {layout.RunnerAddress}/24 dev {layout.ManagementBridge}",
            $"addr add {layout.RunnerStorageAddress}/24 dev {layout.StorageBridge}",
            $"link set {layout.ManagementBridge} up",
            $"link set {layout.StorageBridge} up",
        ], cancel).ConfigureAwait(false);
        await Apply([], [], cancel).ConfigureAwait(false);
    }

    /// <summary>Plugs a host that has just been switched on into both bridges.</summary>
    public async Task Attach(HostPlan host, int initPid, CancellationToken cancel)
    {
        made.Link(host.ManagementLink);
        made.Link(host.StorageLink);
        await Unplug(host, cancel).ConfigureAwait(false);
        await Batch(
        [
            $"link add {host.ManagementLink} type veth peer name mgmt address {host.ManagementMac} netns {initPid}",
            $"link add {host.StorageLink} type veth peer name stor address {host.StorageMac} netns {initPid}",
            $"link set {host.ManagementLink} master {layout.ManagementBridge} up",
            $"link set {host.StorageLink} master {layout.StorageBridge} up",
        ], cancel).ConfigureAwait(false);
    }

    public Task AddBmcAddress(HostPlan host, CancellationToken cancel) =>
        Batch([$"addr replace {host.BmcAddress}/32 dev {layout.ManagementBridge}"], cancel);

    public Task RemoveBmcAddress(HostPlan host, CancellationToken cancel) =>
        Batch([$"addr del {host.BmcAddress}/32 dev {layout.ManagementBridge}"], cancel);

    /// <summary>Replaces all faults by these in one transaction.</summary>
    public async Task Apply(IReadOnlyCollection<LinkCut> cuts, IReadOnlyCollection<string> muteHosts, CancellationToken cancel)
    {
        var rules = FaultRules.Render(layout, cuts, muteHosts);
        var outcome = await Command.Run("nft", ["-f", "-"], rules, Limit, cancel).ConfigureAwait(false);
        outcome.OutputOr("The network faults could not be set");
    }

    /// <summary>The kernel removes the links of a dead host late: one may linger, or vanish while it is being removed.</summary>
    private static async Task Unplug(HostPlan host, CancellationToken cancel)
    {
        foreach (var link in new[] { host.ManagementLink, host.StorageLink })
        {
            if (Exists(link))
                await Command.Run("ip", ["link", "del", link], Limit, cancel).ConfigureAwait(false);
        }
    }

    public static bool Exists(string link) => Directory.Exists("/sys/class/net/" + link);

    private static async Task Batch(IEnumerable<string> lines, CancellationToken cancel)
    {
        var outcome = await Command.Run("ip", ["-batch", "-"], string.Join('\n', lines) + "\n", Limit, cancel).ConfigureAwait(false);
        outcome.OutputOr("The lab's network could not be changed");
    }
}
