using System.CommandLine;
using Mainstay.Cli.Commands;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    // '@' begins a secret's file name in our options, so it must not make the parser read a file of arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancel)
    {
        var root = CommandTree.Build(terminal);
        var parsed = root.Parse(args, Parsing);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            return Complain(parsed, terminal, args.Contains("--json"));
        var surroundings = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // A lab that is interrupted removes hosts, links and processes before it ends, and a soak finishes the clusters it has begun;
            // elsewhere Ctrl-C cancels the command, which then ends within the usual time.
            ProcessTerminationTimeout = TakesItsTime(parsed) ? TimeSpan.FromSeconds(40) : TimeSpan.FromSeconds(2),
        };
        return await parsed.InvokeAsync(surroundings, cancel);
    }

    private static int Complain(ParseResult parsed, Terminal terminal, bool json)
    {
        var command = CommandText.Path(parsed.CommandResult.Command);
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
        {
            // Nothing is wrong but that a command is missing: show which there are.
            HelpPage.Write(parsed.CommandResult.Command, terminal.Error);
            return ExitCode.BadInput;
        }

        // A word that is no command is the error; that therefore no command was given is not another one.
        var errors = parsed.UnmatchedTokens.Count > 0 && parsed.Errors.Count > 1 ? parsed.Errors.Where(e => parsed.UnmatchedTokens.Any(
            token => e.Message.Contains(token, StringComparison.Ordinal))) : parsed.Errors;
        var texts = errors.Select(error => error.Message.TrimEnd('.')).Distinct().ToList();
        foreach (var text in texts)
            terminal.Error.WriteLine($"mainstay: {Ink.Clean(text)}.");
        foreach (var near in NearMisses(parsed))
            terminal.Error.WriteLine($"Did you mean: {near}");
        terminal.Error.WriteLine($"See: {command} --help");
        if (json)
        {
            var reply = CliFailure.Usage(string.Join(". ", texts) + $". See: {command} --help").AsReply();
            terminal.Out.WriteLine(System.Text.Json.JsonSerializer.Serialize(reply, ApiJson.Default.ErrorReply));
        }

        return ExitCode.BadInput;
    }

    private static bool TakesItsTime(ParseResult parsed) =>
        CommandText.Path(parsed.CommandResult.Command) is var path
        && (path.StartsWith("mainstay lab", StringComparison.Ordinal) || path == "mainstay simulate soak");

    private static IEnumerable<string> NearMisses(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).ToList();
        return from token in parsed.UnmatchedTokens
               let best = known.MinBy(name => EditDistance.Between(token, name))
               where best is not null && EditDistance.Between(token, best) <= Math.Max(1, token.Length / 3)
               select best;
    }
}
