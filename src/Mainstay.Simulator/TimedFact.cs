using System.Globalization;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;

namespace Mainstay.Simulator;

/// <summary>A fact, who reported it, and when in virtual time since the start of the scenario.</summary>
public sealed record TimedFact(TimeSpan At, HostId By, FactText Fact)
{
    /// <summary>The fact as one line of the timeline.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds,9:0.000}s {By.Name,-4} {Fact.Name,-18} {Fact.Sentence}");
}
