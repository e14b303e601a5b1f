using Mainstay.Core.Model;

namespace Mainstay.Core.Balance;

/// <summary>Which guests to move so that hosts are used alike.</summary>
/// <param name="Before">The imbalance now, in percent points.</param>
/// <param name="After">What it would be after all moves.</param>
/// <param name="Hosts">How each host that takes guests is used, before and after, by name.</param>
/// <param name="Moves">In the order in which they are to be made.</param>
/// <param name="More">There would be more moves worth making than a plan may have.</param>
public sealed record BalancePlan(
    double Before, double After, ValueList<HostUse> Hosts, ValueList<BalanceMove> Moves, bool More);

/// <summary>How a host is used, in percent.</summary>
public sealed record HostUse(HostId Host, double MemoryBefore, double MemoryAfter, double CpuBefore, double CpuAfter);
