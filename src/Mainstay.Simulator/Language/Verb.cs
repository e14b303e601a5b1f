namespace Mainstay.Simulator.Language;

/// <summary>One thing a step can do.</summary>
/// <param name="IsRequest">It is asked of an agent, so that <c>via HOST</c> may follow.</param>
/// <param name="Meaning">One sentence for the reference.</param>
internal sealed record Verb(Pattern Pattern, string Meaning, Action<ScenarioRun, Words> Act, bool IsRequest = false)
{
    /// <summary>It gives a host, or a machine, a name for later steps.</summary>
    public bool NamesHost => Pattern.Text.EndsWith("NEWNAME", StringComparison.Ordinal);

    public Verb(string pattern, string meaning, Action<ScenarioRun, Words> act)
        : this(new Pattern(pattern), meaning, act)
    {
    }
}

/// <summary>One thing a step can expect; it returns null when it holds, else what is instead.</summary>
internal sealed record Condition(Pattern Pattern, string Meaning, Func<ScenarioRun, Words, string?> Test)
{
    public Condition(string pattern, string meaning, Func<ScenarioRun, Words, string?> test)
        : this(new Pattern(pattern), meaning, test)
    {
    }
}
