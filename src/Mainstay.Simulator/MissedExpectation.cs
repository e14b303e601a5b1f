using System.Globalization;

namespace Mainstay.Simulator;

/// <summary>An expectation of a scenario that did not come true.</summary>
/// <param name="Instead">What was so instead.</param>
public sealed record MissedExpectation(TimeSpan At, int Line, string Expected, string Instead)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,9:0.000}s line {Line}: {Expected}: {Instead}");
}
