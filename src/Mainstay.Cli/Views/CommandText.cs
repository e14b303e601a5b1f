using System.CommandLine;
using System.CommandLine.Help;

namespace Mainstay.Cli.Views;

/// <summary>How commands, their arguments and options are written in help and reference.</summary>
internal static class CommandText
{
    /// <summary>From the program's name down: <c>mainstay fence set</c>.</summary>
    public static string Path(Command command) => command switch
    {
        RootCommand => "mainstay",
        _ when command.Parents.OfType<Command>().FirstOrDefault() is { } parent => $"{Path(parent)} {command.Name}",
        _ => command.Name,
    };

    /// <summary>What one types: words in capitals stand for values, brackets for what may be left out.</summary>
    public static string Synopsis(Command command)
    {
        if (command.Subcommands.Any(sub => !sub.Hidden))
            return $"{Path(command)} COMMAND [options]";
        var arguments = string.Concat(command.Arguments.Where(a => !a.Hidden).Select(a => " " + Shown(a)));
        var required = string.Concat(command.Options.Where(o => o.Required).Select(o => $" {Shown(o)}"));
        return $"{Path(command)}{arguments}{required}{(Options(command).Any(o => !o.Required) ? " [options]" : "")}";
    }

    /// <summary>Its own and those of the commands above that hold for it too; without help, which every command has.</summary>
    public static IEnumerable<Option> Options(Command command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(o => !o.Hidden && o is not HelpOption && (at == command || o.Recursive)))
                yield return option;
        }
    }

    public static string Shown(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    public static string Shown(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).Distinct().OrderBy(name => name.Length));
        return option.ValueType == typeof(bool) || option is VersionOption ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    /// <summary>The first sentence, for lists of commands.</summary>
    public static string Brief(Command command)
    {
        var line = (command.Description ?? "").Split('\n')[0];
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? line : line[..end]).TrimEnd('.');
    }
}
