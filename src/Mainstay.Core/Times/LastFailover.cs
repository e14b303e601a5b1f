using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Times;

/// <summary>The last loss of a host after which guests ran again elsewhere.</summary>
/// <param name="Lost">The session that was lost.</param>
/// <param name="Guests">How many of its guests run again and were measured.</param>
/// <param name="Took">The time of the slowest one; null when it is not known of all.</param>
/// <param name="Proofs">The kinds of proof, each once, ordered.</param>
public sealed record LastFailover(HostSession Lost, int Guests, TimeSpan? Took, ValueList<string> Proofs)
{
    /// <summary>Null when none is kept.</summary>
    public static LastFailover? Of(ClusterView view)
    {
        RecoveryMeasurement[] failovers =
            [.. view.Recoveries.Values.SelectMany(r => r.Value.Last).Where(m => m is { Kind: RecoveryKind.Failover, Lost: not null })];
        if (failovers.MaxBy(m => m.Revision)?.Lost is not { } lost)
            return null;
        RecoveryMeasurement[] same = [.. failovers.Where(m => m.Lost == lost)];
        return new LastFailover(
            lost,
            same.Length,
            Array.TrueForAll(same, m => m.Whole is not null) ? same.Max(m => m.Whole) : null,
            same.Select(m => m.Proof).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToValueList());
    }
}
