using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Mainstay.Cli.Commands;
using Mainstay.Cli.Shell;
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
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
            return await Complain(parsed, terminal, args.Contains("--json"));
        var surroundings = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // A lab that is interrupted removes hosts, links and processes before it ends.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(40),
        };
        return await parsed.InvokeAsync(surroundings, cancel);
    }

    private static async Task<int> Complain(ParseResult parsed, Terminal terminal, bool json)
    {
        var command = Path(parsed);
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
        {
            // Nothing is wrong but that a command is missing: show which there are.
            var surroundings = new InvocationConfiguration { Output = terminal.Error, Error = terminal.Error };
            await parsed.RootCommandResult.Command.Parse([.. command.Split(' ')[1..], "--help"], Parsing).InvokeAsync(surroundings, default);
            return ExitCode.BadInput;
        }

        var texts = parsed.Errors.Select(error => error.Message.TrimEnd('.')).Distinct().ToList();
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

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, at.Command is RootCommand ? "mainstay" : at.Command.Name);
        return string.Join(' ', names);
    }

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
