using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay app list</c>: the applications, each with its state.</summary>
internal sealed class AppListCommand(Terminal terminal) : CliCommand(terminal, "list", "Show the applications and their state.", Brief)
{
    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay app list", "All applications."), new("mainstay app list --json", "For programs.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel) =>
        await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel) switch
        {
            ApiAnswer<StatusReply>.Given given => Show(call, given.Value),
            ApiAnswer<StatusReply>.Failed failed => call.Fail(failed.Failure),
            _ => throw new InvalidOperationException("No such answer."),
        };

    private static int Show(Call call, StatusReply status)
    {
        GuestStatus[] guests = [.. status.Guests.Where(guest => guest.Application is not null)];
        if (call.Json)
            call.Print(new AppList { Applications = status.Applications, Guests = guests }, CliJson.Default.AppList);
        else
            new AppView(call.Out, call.Ink).Write(status.Applications);
        return ExitCode.Done;
    }
}
