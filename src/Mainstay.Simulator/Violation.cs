using System.Globalization;

namespace Mainstay.Simulator;

/// <summary>A broken invariant, seen in ground truth.</summary>
/// <param name="Rule">Its number in <c>docs/invariants.md</c>: S1 to S9, L1 to L3.</param>
public sealed record Violation(TimeSpan At, string Rule, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,9:0.000}s {Rule}: {What}");
}
