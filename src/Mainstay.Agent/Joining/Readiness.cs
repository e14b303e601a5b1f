using System.Net;
using Mainstay.Agent.Configuration;
using Mainstay.Contracts;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Hypervisor.Libvirt;
using Mainstay.Store.Etcd.Member;

namespace Mainstay.Agent.Joining;

/// <summary>
/// Whether this host can be a member at all, asked before anything is changed: a member that cannot start its guests, or whose agent dies
/// on a taken port, is worse than none.
/// </summary>
/// <param name="hypervisorFault">Why libvirt does not answer; null when it does.</param>
internal sealed class Readiness(Func<CancellationToken, Task<string?>> hypervisorFault)
{
    private static readonly TimeSpan HypervisorLimit = TimeSpan.FromSeconds(3);

    /// <summary>With the libvirt of this host.</summary>
    public static Readiness OfThisHost() => new(LibvirtFault);

    /// <summary>An <see cref="AgentException"/> says what is missing and what to do.</summary>
    /// <param name="witness">It runs no guests, so libvirt is not asked for.</param>
    public async Task Check(IReadOnlyList<string> addresses, bool witness, CancellationToken cancel)
    {
        HookSetUp.FindBeacon();
        foreach (var address in addresses)
        {
            if (PortOwner.Conflict(IPAddress.Parse(address), MemberRecords.ApiPort) is { } taken)
                throw new AgentException($"the agent's API cannot listen: {taken.Why}");
        }

        if (!witness && await hypervisorFault(cancel).ConfigureAwait(false) is { } fault)
            throw new AgentException($"libvirt does not answer on this host: {fault}. Start it (systemctl start libvirtd), then ask again");
    }

    private static async Task<string?> LibvirtFault(CancellationToken cancel)
    {
        var hypervisor = new LibvirtHypervisor(new LibvirtOptions { Uri = AgentFile.UsualLibvirtUri, CallLimit = HypervisorLimit });
        await using (hypervisor.ConfigureAwait(false))
        {
            return await hypervisor.List(cancel).ConfigureAwait(false) is Observed<GuestInventory>.Unknown unknown
                ? unknown.Why.TrimEnd('.')
                : null;
        }
    }
}
