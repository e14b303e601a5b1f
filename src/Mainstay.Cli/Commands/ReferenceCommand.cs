using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;

namespace Mainstay.Cli.Commands;

/// <summary>The hidden <c>mainstay reference</c>: all commands as a page, from which <c>docs/reference/commands.md</c> is made.</summary>
internal sealed class ReferenceCommand : Command
{
    public ReferenceCommand(Terminal terminal)
        : base("reference", "Print the reference of all commands as Markdown.")
    {
        Hidden = true;
        SetAction(parsed => ReferencePage.Write(parsed.RootCommandResult.Command, terminal.Out));
    }
}
