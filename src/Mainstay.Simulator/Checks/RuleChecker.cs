using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Rules;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Checks;

/// <summary>
/// S6 where rules are concerned: nobody is given to a host against a rule that must hold, as rules, labels and places are in the store at
/// that moment. It knows nothing of the placement engine.
/// </summary>
internal sealed class RuleChecker(VirtualWorld world, CheckerSet checks)
{
    /// <summary>The store takes this ownership of a group, together with others.</summary>
    public void Changes(SimHost by, StoreTransaction transaction, GroupId group, OwnershipRecord next)
    {
        if (next.Phase is not OwnershipPhase.Assigned { Host: var to })
            return;
        if (Breach(world, group, to, other => transaction.Changes.Select(change => change is Change.Put
            {
                Key: StoreKey.Ownership { Id: var id }, Value: OwnershipRecord record,
            } && id == other ? record : null).OfType<OwnershipRecord>().FirstOrDefault()) is { } breach)
            checks.Violate("S6", $"{by.Id} gives {group} to {to}: {breach}");
    }

    /// <summary>The rule that keeps a group from a host as things are; null when none does.</summary>
    public static string? Breach(VirtualWorld world, GroupId group, HostId to, Func<GroupId, OwnershipRecord?>? changing = null)
    {
        foreach (var rule in (world.Etcd.Value(new StoreKey.Rules()) as RuleBook)?.Rules ?? [])
        {
            if (rule.Should || !rule.Groups.Contains(group))
                continue;
            var others = rule.Groups.Where(other => other != group && GroundTruth.Spec(world, other) is not null)
                .Select(other => Place(world, other, changing?.Invoke(other) ?? GroundTruth.Ownership(world, other)))
                .OfType<HostId>().ToArray();
            var beside = others.Count(host => Domain(world, rule, host) == Domain(world, rule, to));
            var holds = rule.Kind switch
            {
                PlacementRuleKind.Apart => beside == 0,
                PlacementRuleKind.Spread => beside < rule.Limit,
                PlacementRuleKind.Together => others.Length == 0 || beside > 0,
                PlacementRuleKind.On => rule.Names(to, Config(world, to)),
                PlacementRuleKind.NotOn => !rule.Names(to, Config(world, to)),
            };
            if (!holds)
                return $"rule {rule.Name}: {rule.Text}";
        }

        return null;
    }

    // What an owner had that is proved dead runs nowhere. What comes out of a backup is where it executes, whatever the backup says.
    private static HostId? Place(VirtualWorld world, GroupId group, OwnershipRecord? own)
    {
        if (own?.Incarnation < GroundTruth.Settings(world)?.Incarnation)
            return world.Guest(group).Executions.FirstOrDefault()?.Host.Id;
        if (own?.Phase is OwnershipPhase.Assigned assigned)
            return assigned.Host;
        return GroundTruth.OwnerIn(own?.Phase) is { } owner && GroundTruth.Session(world, owner.Host)?.Session == owner.Session
            && world.Etcd.Value(new StoreKey.Fence(owner)) is not FenceRecord { Proofs.IsEmpty: false }
            ? owner.Host
            : null;
    }

    private static HostConfig Config(VirtualWorld world, HostId host) => world.Etcd.Value(new StoreKey.Host(host)) as HostConfig
        ?? new HostConfig(0, [], 0, [], false);

    private static string Domain(VirtualWorld world, PlacementRule rule, HostId host) =>
        rule.By is { } kind && Config(world, host).Labels.FirstOrDefault(label => label.Key == kind).Value is { Length: > 0 } value
            ? value
            : $"\n{host}";
}
