using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay host list</c>: the hosts with their room and labels.</summary>
internal sealed class HostListCommand(Terminal terminal)
    : CliCommand(terminal, "list", "Show the hosts with their room, load and labels.", Brief)
{
    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay host list", "All hosts."), new("mainstay host list --json", "For programs.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel) =>
        await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel) switch
        {
            ApiAnswer<StatusReply>.Given given => Show(call, new HostList { Hosts = given.Value.Hosts }),
            ApiAnswer<StatusReply>.Failed failed => call.Fail(failed.Failure),
            _ => throw new InvalidOperationException("No such answer."),
        };

    private static int Show(Call call, HostList list)
    {
        if (call.Json)
            call.Print(list, CliJson.Default.HostList);
        else
            new PlacementView(call.Out, call.Ink).Write(list);
        return ExitCode.Done;
    }
}
