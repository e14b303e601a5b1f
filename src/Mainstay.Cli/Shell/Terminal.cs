using Mainstay.Contracts;

namespace Mainstay.Cli.Shell;

/// <summary>
/// What surrounds one run of the program: its streams, whether a person sits at them, the clock, and where the agent's socket is.
/// </summary>
internal sealed record Terminal
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Colour on standard output.</summary>
    public required bool Color { get; init; }

    /// <summary>A person can be asked: both standard input and standard error are a terminal.</summary>
    public required bool Interactive { get; init; }

    public required TimeProvider Time { get; init; }

    public required FileLayout Files { get; init; }

    /// <summary>Who runs the program, for the journal.</summary>
    public required string User { get; init; }

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Console.In,
        Color = !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Interactive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        Time = TimeProvider.System,
        Files = FileLayout.FromEnvironment(),
        User = Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName,
    };

    /// <summary>Asks a person for a line; null when the input ended. With <paramref name="hidden"/> the keys are not shown.</summary>
    public string? Ask(string question, bool hidden)
    {
        Error.Write(question);
        Error.Flush();
        return hidden && Interactive ? ReadHidden() : In.ReadLine();
    }

    private string ReadHidden()
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }

        Error.WriteLine();
        return text.ToString();
    }
}
