namespace Mainstay.Cli.Shell;

/// <summary>How a piece of text is to strike the eye. Never the only carrier of a meaning: the words say it too.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Faint,
    Good,
    Warning,
    Bad,
}
