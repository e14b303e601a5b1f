using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Agent.Api;

/// <summary>
/// Refuses settings that would believe a storage without a barrier (V8): by what every host that answers has mounted.
/// </summary>
internal sealed class StorageGate(ClusterMember member, PeerRound round)
{
    /// <summary>Null when nothing known speaks against it.</summary>
    public async Task<string?> AgainstStorage(StorageConfig config, CancellationToken cancel) =>
        StorageClasses.AgainstStorage(config, CheckBuilder.Readings(await round.Ask(cancel).ConfigureAwait(false)));

    /// <summary>May the policy of a protected guest be "always"? Null when nothing known speaks against it.</summary>
    public async Task<string?> AgainstAlways(GroupId guest, CancellationToken cancel) =>
        member.Shell.Sight.View.Groups.GetValueOrDefault(guest)?.Value is { } spec
            ? StorageClasses.AgainstAlways(spec.Disks, CheckBuilder.Readings(await round.Ask(cancel).ConfigureAwait(false)))
            : null;

    /// <summary>The same for a guest of this host that is about to be protected, by what this host has mounted.</summary>
    public async Task<string?> AgainstAlwaysHere(GroupId guest, CancellationToken cancel) =>
        await member.Hypervisor.ReadDefinition(guest, cancel).ConfigureAwait(false)
            is Observed<GuestDefinition?>.Known { Value: { } definition }
            ? StorageClasses.AgainstAlways(
                definition.Disks, [new HostReading(member.Self, null, null) { Storage = member.StorageSight.Read() }])
            : null;
}
