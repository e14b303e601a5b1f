using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay storage list</c>: the storages that hosts can be cut off from.</summary>
internal sealed class StorageListCommand(Terminal terminal)
    : CliCommand(terminal, "list", "Show the storages that hosts can be cut off from, and the guests with disks on them.", Brief)
{
    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay storage list", "All storages."), new("mainstay storage list --json", "For programs.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel) =>
        await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel) switch
        {
            ApiAnswer<StatusReply>.Given given => Show(call, new StorageList { Storages = given.Value.Storages }),
            ApiAnswer<StatusReply>.Failed failed => call.Fail(failed.Failure),
            _ => throw new InvalidOperationException("No such answer."),
        };

    private static int Show(Call call, StorageList list)
    {
        if (call.Json)
            call.Print(list, CliJson.Default.StorageList);
        else
            new StorageView(call.Out, call.Ink).Write(list);
        return ExitCode.Done;
    }
}
