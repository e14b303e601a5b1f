namespace Mainstay.Cli.Config;

/// <summary>What <c>mainstay plan --export --json</c> prints.</summary>
internal sealed record ConfigExported
{
    public string Kind { get; init; } = "config";

    public required string Cluster { get; init; }

    /// <summary>The file, as YAML.</summary>
    public required string Text { get; init; }
}
