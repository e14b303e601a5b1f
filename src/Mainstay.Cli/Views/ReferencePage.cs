using System.CommandLine;
using Mainstay.Cli.Commands;

namespace Mainstay.Cli.Views;

/// <summary>The reference of all commands as Markdown.</summary>
internal static class ReferencePage
{
    public static void Write(Command root, TextWriter to)
    {
        to.Write("""
            # Commands

            Made by `mainstay reference`; a test compares this page with the program. Every command also has `--help`.
            What the exit codes mean: [exit codes](exit-codes.md).

            `TIME` is a number and a unit: `500ms`, `10s`, `5m`, `2h`, `1d`. With `--json` standard output carries one JSON document and nothing
            else, also when the command fails; what goes on and what went wrong is said on standard error.

            """);
        foreach (var command in root.Subcommands)
            WriteCommand(command, to);
    }

    private static void WriteCommand(Command command, TextWriter to)
    {
        if (command.Hidden)
            return;
        to.WriteLine();
        to.WriteLine($"## {CommandText.Path(command)}");
        to.WriteLine();
        WriteDescription(command, to);
        if (command.Subcommands.Count == 0)
            WriteUsage(command, to);
        if (command is IHasExamples examples)
            WriteExamples(examples, to);
        foreach (var sub in command.Subcommands)
            WriteCommand(sub, to);
    }

    /// <summary>A description may end with examples of its own, indented.</summary>
    private static void WriteDescription(Command command, TextWriter to)
    {
        var lines = (command.Description ?? "").Split('\n');
        var block = false;
        foreach (var line in lines)
        {
            var indented = line.StartsWith("  ", StringComparison.Ordinal);
            if (indented != block)
                to.WriteLine(block ? "```" : "\n```sh");
            block = indented;
            to.WriteLine(block ? line.Trim() : line.TrimEnd());
        }

        if (block)
            to.WriteLine("```");
    }

    private static void WriteUsage(Command command, TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"`{CommandText.Synopsis(command)}`");
        to.WriteLine();
        foreach (var argument in command.Arguments.Where(a => !a.Hidden))
            to.WriteLine($"- `{CommandText.Shown(argument)}`: {argument.Description}");
        foreach (var option in CommandText.Options(command))
            to.WriteLine($"- `{CommandText.Shown(option)}`: {option.Description}");
    }

    private static void WriteExamples(IHasExamples command, TextWriter to)
    {
        if (command.Examples.Count == 0)
            return;
        to.WriteLine();
        to.WriteLine("```sh");
        foreach (var example in command.Examples)
            to.WriteLine($"{example.Line}  # {example.Purpose}");
        to.WriteLine("```");
    }
}
