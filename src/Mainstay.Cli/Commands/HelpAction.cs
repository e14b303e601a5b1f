using System.CommandLine;
using System.CommandLine.Invocation;
using Mainstay.Cli.Views;

namespace Mainstay.Cli.Commands;

/// <summary>Shows the help of the command that was typed, also when the rest of the line is wrong.</summary>
internal sealed class HelpAction : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        HelpPage.Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Done;
    }
}
