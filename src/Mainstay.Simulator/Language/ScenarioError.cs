using System.Globalization;

namespace Mainstay.Simulator.Language;

/// <summary>What is wrong in a scenario file: where, with which value, and how to mend it.</summary>
public sealed record ScenarioError(string File, int Line, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {What}");
}

/// <summary>Leaves the parser at the first error; never leaves <see cref="ScenarioRunner"/>.</summary>
internal sealed class ScenarioException(int line, string what) : Exception(what)
{
    public int Line { get; } = line;
}
