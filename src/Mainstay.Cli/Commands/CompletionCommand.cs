using System.CommandLine;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay completion</c>: a script that lets the shell complete commands and options.</summary>
internal sealed class CompletionCommand : Command, IHasExamples
{
    private const string Bash = """
        _mainstay() {
            local IFS=$'\n'
            COMPREPLY=($(mainstay "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null))
        }
        complete -F _mainstay mainstay
        """;

    public CompletionCommand(Terminal terminal)
        : base("completion", "Print a script that lets the shell complete commands and options.")
    {
        var shell = new Argument<string>("SHELL") { Description = "bash." };
        shell.OnlyFrom("bash");
        Arguments.Add(shell);
        SetAction(_ => terminal.Out.WriteLine(Bash));
    }

    public IReadOnlyList<Example> Examples { get; } =
        [new("mainstay completion bash > /etc/bash_completion.d/mainstay", "For all users, in new shells.")];
}
