namespace Mainstay.Cli.Shell;

/// <summary>A cell of a <see cref="TextTable"/>.</summary>
internal sealed record Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);

    public static Cell From(string text) => new(text);
}
