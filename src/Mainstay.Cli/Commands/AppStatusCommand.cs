using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay app status</c>: one application with its guests.</summary>
internal sealed class AppStatusCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "An application." };

    public AppStatusCommand(Terminal terminal)
        : base(terminal, "status", "Show an application: its state, its guests, and what their starts wait for.", Brief) =>
        Arguments.Add(name);

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay app status shop", "How is the shop?"), new("mainstay app status shop --json", "For programs.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel) =>
        await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel) switch
        {
            ApiAnswer<StatusReply>.Given given => Show(call, given.Value, call.Parsed.GetRequiredValue(name)),
            ApiAnswer<StatusReply>.Failed failed => call.Fail(failed.Failure),
            _ => throw new InvalidOperationException("No such answer."),
        };

    private static int Show(Call call, StatusReply status, string name)
    {
        if (status.Applications.FirstOrDefault(app => app.Name == name) is not { } found)
        {
            var known = status.Applications.Count == 0
                ? "there is none yet; see mainstay app set --help"
                : $"there are: {string.Join(", ", status.Applications.Select(app => app.Name))}";
            return call.Fail(new CliFailure("not_found", $"There is no application {name}; {known}"));
        }

        GuestStatus[] guests = [.. status.Guests.Where(guest => guest.Application == name)];
        if (call.Json)
            call.Print(new AppList { Applications = [found], Guests = guests }, CliJson.Default.AppList);
        else
            new AppView(call.Out, call.Ink).Write(found, guests);
        return ExitCode.Done;
    }
}
