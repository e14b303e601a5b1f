using System.Globalization;
using System.Text;
using Mainstay.Simulator.Language;

namespace Mainstay.Simulator;

/// <summary>A guest at the end of a scenario.</summary>
/// <param name="Host">Where it executes; null when it does not.</param>
public sealed record EndGroup(string Name, string State, string? Host, long Epoch);

/// <summary>A host at the end of a scenario.</summary>
public sealed record EndHost(string Name, string State);

/// <summary>What came of a scenario: the end state, the facts, and what was not as it should be.</summary>
public sealed record ScenarioResult
{
    public required string File { get; init; }

    /// <summary>The file could not be read; then nothing was run.</summary>
    public ScenarioError? Error { get; init; }

    public IReadOnlyList<EndGroup> Groups { get; init; } = [];

    public IReadOnlyList<EndHost> Hosts { get; init; } = [];

    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>Violations that the scenario asked for, to show what an assumption is worth.</summary>
    public IReadOnlyList<Violation> ExpectedViolations { get; init; } = [];

    public IReadOnlyList<MissedExpectation> Missed { get; init; } = [];

    public IReadOnlyList<TimedFact> Facts { get; init; } = [];

    /// <summary>How often each step of the language was done, by the pattern that the reference lists.</summary>
    public IReadOnlyDictionary<string, int> StepsDone { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    public double VirtualSeconds { get; init; }

    public string FactsHash { get; init; } = "";

    public bool Passed => Error is null && Violations.Count == 0 && Missed.Count == 0;

    /// <summary>0: as expected; 1: a violation or a missed expectation; 2: a bad file.</summary>
    public int ExitCode => Error is not null ? 2 : Passed ? 0 : 1;

    /// <summary>The end state as one JSON object, documented in <c>docs/reference/scenarios.md</c>.</summary>
    public string ToJson() => ResultJson.Write(this);

    /// <summary>The timeline and the verdict, for people.</summary>
    public string ToText()
    {
        if (Error is not null)
            return $"{Error}\n";
        var text = new StringBuilder();
        foreach (var fact in Facts)
            text.Append(fact).Append('\n');
        return text.Append(Verdict()).ToString();
    }

    /// <summary>What was not as it should be, and one line that sums up.</summary>
    public string Verdict()
    {
        var text = new StringBuilder();
        foreach (var missed in Missed)
            text.Append(CultureInfo.InvariantCulture, $"MISSED     {missed}\n");
        foreach (var violation in Violations)
            text.Append(CultureInfo.InvariantCulture, $"VIOLATION  {violation}\n");
        foreach (var violation in ExpectedViolations)
            text.Append(CultureInfo.InvariantCulture, $"as expected {violation}\n");
        var verdict = Passed ? "passed" : "FAILED";
        text.Append(CultureInfo.InvariantCulture, $"{verdict}: {Facts.Count} facts in {VirtualSeconds:0.000} virtual seconds, ");
        text.Append(CultureInfo.InvariantCulture, $"{Violations.Count} violations, {Missed.Count} missed expectations, ");
        text.Append(CultureInfo.InvariantCulture, $"facts hash {FactsHash[..Math.Min(16, FactsHash.Length)]}\n");
        return text.ToString();
    }
}
