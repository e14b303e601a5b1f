using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mainstay.Cli.Commands;

/// <summary>The help of a command, followed by its examples.</summary>
internal sealed class HelpWithExamples(HelpAction plain) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = plain.Invoke(parseResult);
        if (parseResult.CommandResult.Command is IHasExamples { Examples.Count: > 0 } command)
        {
            var to = parseResult.InvocationConfiguration.Output;
            to.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                to.WriteLine($"  {example.Line}");
                to.WriteLine($"      {example.Purpose}");
            }

            to.WriteLine();
        }

        return code;
    }
}
