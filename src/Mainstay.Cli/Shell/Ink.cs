namespace Mainstay.Cli.Shell;

/// <summary>Text in a tone, with terminal colours or without.</summary>
internal sealed record Ink(bool Color)
{
    public string Paint(string text, Tone tone)
    {
        var clean = Clean(text);
        var code = tone switch
        {
            Tone.Plain => "",
            Tone.Strong => "1",
            Tone.Faint => "2",
            Tone.Good => "32",
            Tone.Warning => "33",
            Tone.Bad => "1;31",
        };
        return !Color || code.Length == 0 ? clean : $"\u001b[{code}m{clean}\u001b[0m";
    }

    /// <summary>Without control characters: names and errors come from other machines and must not steer the terminal.</summary>
    public static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
