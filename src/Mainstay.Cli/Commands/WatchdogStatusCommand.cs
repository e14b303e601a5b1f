using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay watchdog status</c>: the hosts' watchdogs and what was measured of them.</summary>
internal sealed class WatchdogStatusCommand(Terminal terminal)
    : CliCommand(terminal, "status", "Show the watchdog of every host: its driver, who holds it, and its measured reset time.", Brief)
{
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay watchdog status", "All hosts. Exit code 1: one of them has no watchdog in use, or its measurement is old."),
        new("mainstay watchdog status --json", "For programs."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel) => call.Finish(
        await call.Agent.Get(ApiPaths.Watchdog, ApiJson.Default.WatchdogReply, call.Limit, cancel),
        ApiJson.Default.WatchdogReply,
        reply => reply.Hosts.All(host => host.Watchdog is { ResetSeconds: not null, Stale: null }) ? ExitCode.Done : ExitCode.Refused,
        reply => new WatchdogView(call.Out, call.Ink, call.Terminal.Time).Write(reply));
}
