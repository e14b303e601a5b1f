using System.CommandLine;
using System.CommandLine.Help;
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
            Write(command, "mainstay", to);
    }

    private static void Write(Command command, string parent, TextWriter to)
    {
        if (command.Hidden)
            return;
        var path = $"{parent} {command.Name}";
        to.WriteLine();
        to.WriteLine($"## {path}");
        to.WriteLine();
        WriteDescription(command, to);
        if (command.Subcommands.Count == 0)
            WriteUsage(command, path, to);
        if (command is IHasExamples examples)
            WriteExamples(examples, to);
        foreach (var sub in command.Subcommands)
            Write(sub, path, to);
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

    private static void WriteUsage(Command command, string path, TextWriter to)
    {
        var arguments = string.Concat(command.Arguments.Where(a => !a.Hidden).Select(a => " " + Shown(a)));
        var required = string.Concat(command.Options.Where(o => o.Required).Select(o => $" {o.Name} {o.HelpName}"));
        to.WriteLine();
        to.WriteLine($"`{path}{arguments}{required}{(command.Options.Any(o => !o.Required) ? " [options]" : "")}`");
        to.WriteLine();
        foreach (var argument in command.Arguments.Where(a => !a.Hidden))
            to.WriteLine($"- `{argument.Name}`: {argument.Description}");
        foreach (var option in command.Options.Where(o => !o.Hidden && o is not HelpOption))
            to.WriteLine($"- `{Shown(option)}`: {option.Description}");
    }

    private static string Shown(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Shown(Option option)
    {
        var names = string.Join(", ", option.Aliases.OrderBy(a => a.Length).Append(option.Name).Distinct());
        return option.ValueType == typeof(bool) ? names : $"{names} {option.HelpName ?? "VALUE"}";
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
