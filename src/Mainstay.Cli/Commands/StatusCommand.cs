using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay status</c>: the cluster, its hosts and guests, and what needs a person.</summary>
internal sealed class StatusCommand : CliCommand
{
    private readonly Option<bool> check = new("--check")
    {
        Description = "Exit with 1 when anything needs a person or a guest that should run is not protected, for monitoring.",
    };

    public StatusCommand(Terminal terminal)
        : base(terminal, "status", "Show the cluster, its hosts and guests, how safe each guest is, and what needs a person.", Brief) =>
        Options.Add(check);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay status", "Everything at a glance."),
        new("mainstay status --check > /dev/null || echo 'look at the cluster'", "For monitoring."),
        new("mainstay status --json", "For programs."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var answer = await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel);
        return call.Finish(
            answer,
            ApiJson.Default.StatusReply,
            status => call.Parsed.GetValue(check) && !StatusProblems.AllIsWell(status) ? ExitCode.Refused : ExitCode.Done,
            status => new StatusView(call.Out, call.Ink, call.Terminal.Time).Write(status));
    }
}
