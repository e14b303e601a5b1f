using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;

namespace Mainstay.Core.Tests.Ordering;

/// <summary>Definitions of groups that wait for each other.</summary>
internal static class Groups
{
    public static GroupSpec Spec(int tier, params string[] after) =>
        new("uuid", "<domain/>", 1024, DesiredState.Running, "test", false, GuestShutdownPolicy.StayDown, false, null)
        {
            Tier = tier, Order = new GroupOrder(after.Select(name => After(name)).ToValueList(), null, null),
        };

    public static StartDependency After(string name, StartGate gate = StartGate.Started) =>
        new(
            new GroupId(name),
            gate,
            TimeSpan.FromSeconds(gate == StartGate.Delay ? 30 : 0),
            StartDependency.DefaultLimit,
            OnLimit.Continue);

    /// <summary>Groups by name, each with its tier and those that it waits for.</summary>
    public static ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> Of(params (string Name, int Tier, string[] After)[] groups) =>
        groups.ToImmutableSortedDictionary(
            group => new GroupId(group.Name), group => new Stored<GroupSpec>(Spec(group.Tier, group.After), 1));

    /// <summary>So many groups, each of which waits for some of those before it.</summary>
    public static ImmutableSortedDictionary<GroupId, Stored<GroupSpec>> Random(ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        return Of([
            .. Enumerable.Range(0, count).Select(i => (
                $"g{i:00}",
                random.Next(5),
                Enumerable.Range(0, i).Where(_ => random.Next(4) == 0).Select(j => $"g{j:00}").ToArray())),
        ]);
    }
}
