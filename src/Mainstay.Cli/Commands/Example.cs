namespace Mainstay.Cli.Commands;

/// <summary>A command line as one would type it, and what it is for.</summary>
internal sealed record Example(string Line, string Purpose);
