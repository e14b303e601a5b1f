using System.CommandLine;

namespace Mainstay.Cli.Commands;

/// <summary>A command that only gathers others.</summary>
internal sealed class CommandGroup : Command, IHasExamples
{
    public CommandGroup(string name, string description, IReadOnlyList<Example> examples, params Command[] commands)
        : base(name, description)
    {
        Examples = examples;
        foreach (var command in commands)
            Subcommands.Add(command);
    }

    public IReadOnlyList<Example> Examples { get; }
}
