namespace Mainstay.Cli.Views;

/// <summary>Something that needs a person, and what to do about it; null where the text says it.</summary>
internal sealed record StatusProblem(string Text, string? Do);
