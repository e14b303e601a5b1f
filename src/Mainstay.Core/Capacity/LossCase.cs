using Mainstay.Core.Model;

namespace Mainstay.Core.Capacity;

/// <summary>Hosts that may be lost.</summary>
/// <param name="Name">For people: "n1, then n2", "rack r1".</param>
/// <param name="Steps">
/// One after the other, for where guests go after the first loss decides what the second one means; those of a step at once.
/// </param>
public sealed record LossCase(string Name, ValueList<ValueList<HostId>> Steps)
{
    public static LossCase OneAfterTheOther(IEnumerable<HostId> hosts) =>
        hosts.ToArray() is var order && order.Length > 0
            ? new LossCase(string.Join(", then ", order), order.Select(host => new ValueList<HostId>([host])).ToValueList())
            : throw new ArgumentException("A loss is of one host at least.", nameof(hosts));

    public static LossCase AtOnce(string name, IEnumerable<HostId> hosts) => new(name, [hosts.Order().ToValueList()]);
}
