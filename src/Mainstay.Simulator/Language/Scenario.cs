using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>A parsed scenario: what it is about, how the world begins, and what happens in it.</summary>
internal sealed record Scenario(string File, string Prose, StartState Start, IReadOnlyList<Step> Steps);

/// <summary>When a step is done.</summary>
internal abstract record StepTime
{
    private StepTime()
    {
    }

    /// <summary>As soon as the step before is done.</summary>
    public sealed record Next : StepTime;

    /// <summary>At this time of the scenario.</summary>
    public sealed record At(TimeSpan Time) : StepTime;

    /// <summary>So long after the step before was done.</summary>
    public sealed record After(TimeSpan Time) : StepTime;
}

/// <summary>One statement of a scenario.</summary>
internal abstract record Step
{
    private Step(int line, StepTime when, string text) => (Line, When, Text) = (line, when, text);

    public int Line { get; }

    public StepTime When { get; }

    /// <summary>As it stands in the file.</summary>
    public string Text { get; }

    /// <summary>Something is done to the world.</summary>
    /// <param name="What">The pattern of the verb, for counting.</param>
    public sealed record Do(int AtLine, StepTime Time, string Written, string What, Action<ScenarioRun> Act) : Step(AtLine, Time, Written);

    /// <summary>Time passes.</summary>
    public sealed record Run(int AtLine, StepTime Time, string Written, TimeSpan Span) : Step(AtLine, Time, Written);

    /// <summary>Time passes until nothing changes any more.</summary>
    public sealed record UntilQuiet(int AtLine, StepTime Time, string Written, TimeSpan Limit) : Step(AtLine, Time, Written);

    /// <summary>Something must hold, now or within a time. The condition returns null, or what is instead.</summary>
    public sealed record Expect(int AtLine, StepTime Time, string Written, TimeSpan Within, Func<ScenarioRun, string?> Condition)
        : Step(AtLine, Time, Written);

    /// <summary>An invariant must break: the scenario shows what the assumptions are for.</summary>
    public sealed record ExpectViolation(int AtLine, StepTime Time, string Written, string Rule) : Step(AtLine, Time, Written);
}
