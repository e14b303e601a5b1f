using Mainstay.Cli.Shell;
using Mainstay.Contracts;

namespace Mainstay.Cli.Tests;

/// <summary>One run of the program in this process: its exit code and what it printed.</summary>
internal sealed record Ran(int Exit, string Out, string Error)
{
    public static FileLayout Nowhere { get; } = new("/nonexistent/mainstay");

    public static Task<Ran> WithInput(FileLayout files, string input, params string[] args) => With(files, input, false, args);

    /// <summary>A person sits there and types this.</summary>
    public static Task<Ran> AtTerminal(FileLayout files, string typed, params string[] args) => With(files, typed, true, args);

    private static async Task<Ran> With(FileLayout files, string input, bool interactive, string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            In = new StringReader(input),
            Color = false,
            Interactive = interactive,
            Time = new StillClock(),
            Files = files,
            User = "anna",
        };
        var exit = await CommandLine.Run(args, terminal, CancellationToken.None);
        return new Ran(exit, output.ToString(), error.ToString());
    }

    public static Task<Ran> With(FileLayout files, params string[] args) => WithInput(files, "", args);

    /// <summary>The wall clock stands still, so that pages can be compared; waiting takes its time.</summary>
    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Samples.Now;
    }
}
