using System.CommandLine;
using Mainstay.Cli.Commands;

namespace Mainstay.Cli.Views;

/// <summary>The help of one command: what it does, how it is typed, and examples.</summary>
internal static class HelpPage
{
    private const int Width = 100;
    private const int MaxLabel = 28;

    public static void Write(Command command, TextWriter to)
    {
        foreach (var line in (command.Description ?? "").Split('\n'))
            WriteWrapped(to, "", line.TrimEnd(), 0);
        to.WriteLine();
        to.WriteLine($"Usage: {CommandText.Synopsis(command)}");
        var commands = command.Subcommands.Where(sub => !sub.Hidden).ToList();
        Section(to, "Commands", [.. commands.Select(sub => (sub.Name, CommandText.Brief(sub)))]);
        Section(to, "Arguments", [.. command.Arguments.Where(a => !a.Hidden).Select(a => (CommandText.Shown(a), a.Description ?? ""))]);
        Section(to, "Options", [.. CommandText.Options(command).Select(o => (CommandText.Shown(o), o.Description ?? ""))]);
        if (command is IHasExamples { Examples: { Count: > 0 } examples })
        {
            to.WriteLine();
            to.WriteLine("Examples:");
            foreach (var example in examples)
            {
                to.WriteLine($"  {example.Line}");
                WriteWrapped(to, "      ", example.Purpose, 6);
            }
        }

        if (commands.Count > 0)
        {
            to.WriteLine();
            to.WriteLine($"More about a command: {CommandText.Path(command)} COMMAND --help");
        }
    }

    private static void Section(TextWriter to, string heading, IReadOnlyList<(string Label, string Text)> rows)
    {
        if (rows.Count == 0)
            return;
        to.WriteLine();
        to.WriteLine(heading + ":");
        var column = rows.Where(row => row.Label.Length <= MaxLabel).Select(row => row.Label.Length).DefaultIfEmpty(0).Max() + 4;
        foreach (var (label, text) in rows)
        {
            if (label.Length > MaxLabel)
                to.WriteLine("  " + label);
            WriteWrapped(to, label.Length > MaxLabel ? new string(' ', column) : ("  " + label).PadRight(column), text, column);
        }
    }

    /// <summary>Breaks at blanks; what is indented already, such as an example, stays as it is.</summary>
    private static void WriteWrapped(TextWriter to, string start, string text, int indent)
    {
        var line = start;
        if (text.StartsWith(' '))
        {
            to.WriteLine(line + text);
            return;
        }

        var empty = true;
        foreach (var word in text.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                to.WriteLine(line);
                (line, empty) = (new string(' ', indent), true);
            }

            line += empty ? word : " " + word;
            empty = false;
        }

        to.WriteLine(line.TrimEnd());
    }
}
