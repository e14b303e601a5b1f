using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay rule list</c>: the rules about where guests run.</summary>
internal sealed class RuleListCommand(Terminal terminal)
    : CliCommand(terminal, "list", "Show the rules about where guests run, and whether they hold now.", Brief)
{
    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay rule list", "All rules."), new("mainstay rule list --json", "For programs.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel) =>
        await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel) switch
        {
            ApiAnswer<StatusReply>.Given given => Show(call, new RuleList { Rules = given.Value.Rules }),
            ApiAnswer<StatusReply>.Failed failed => call.Fail(failed.Failure),
            _ => throw new InvalidOperationException("No such answer."),
        };

    private static int Show(Call call, RuleList list)
    {
        if (call.Json)
            call.Print(list, CliJson.Default.RuleList);
        else
            new PlacementView(call.Out, call.Ink).Write(list);
        return ExitCode.Done;
    }
}
