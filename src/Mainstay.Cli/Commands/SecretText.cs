using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Commands;

/// <summary>
/// A value that may be secret: as typed, <c>@FILE</c> for a file's content, <c>-</c> for a line of standard input, <c>@@text</c> for a
/// value that begins with @.
/// </summary>
internal abstract record SecretText
{
    private SecretText()
    {
    }

    /// <summary>The value, without line end.</summary>
    public sealed record Read(string Value) : SecretText;

    public sealed record Unreadable(string Why) : SecretText;

    public static SecretText From(Terminal terminal, string name, string typed)
    {
        if (typed == "-")
        {
            return (terminal.Interactive ? terminal.Ask($"{name}: ", hidden: true) : terminal.In.ReadLine()) is { Length: > 0 } line
                ? new Read(line)
                : new Unreadable($"{name}=-: standard input is empty. Write the value to it, or use {name}=@FILE.");
        }

        if (typed.StartsWith("@@", StringComparison.Ordinal))
            return new Read(typed[1..]);
        return typed.StartsWith('@') ? FromFile(name, typed[1..]) : new Read(typed);
    }

    private static SecretText FromFile(string name, string path)
    {
        try
        {
            // A password file is a line; above 64 KiB it is the wrong file.
            return new FileInfo(path) is { Exists: true, Length: > 65536 }
                ? new Unreadable($"{name}=@{path}: larger than 64 KiB, so it is hardly the value. Name the right file.")
                : new Read(File.ReadAllText(path).TrimEnd('\r', '\n'));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Unreadable($"{name}=@{path}: cannot be read: {error.Message}");
        }
    }
}
