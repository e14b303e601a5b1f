namespace Mainstay.Cli.Config;

/// <summary>What is wrong with a configuration file, as <c>--json</c> prints it.</summary>
internal sealed record ConfigErrors
{
    public string Error { get; init; } = "usage";

    public required string Text { get; init; }

    /// <summary>Each with the line, from 1.</summary>
    public required IReadOnlyList<ConfigProblem> Lines { get; init; }
}
