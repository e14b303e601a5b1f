using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay start</c>: runs a guest.</summary>
internal sealed class StartCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };
    private readonly Option<string?> on = new("--on") { Description = "Where [default: the cluster chooses].", HelpName = "HOST" };
    private readonly Option<bool> takeOver = new("--take-over")
    {
        Description = "Also when the guest's disk carries another cluster's stamp, or a later one. It must run nowhere else.",
    };

    private readonly Option<string> reason = GuestOptions.Override();
    private readonly WaitOptions wait;

    public StartCommand(Terminal terminal)
        : base(terminal, "start", "Run a guest and keep it running.", Brief)
    {
        Arguments.Add(guest);
        Options.Add(on);
        Options.Add(takeOver);
        Options.Add(reason);
        wait = new WaitOptions(this, "Wait until it runs.");
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay start web", "Run web where the cluster finds best."),
        new("mainstay start web --take-over", "Run it although its disk carries a later stamp; it must run nowhere else."),
        new("mainstay start web --on n2 --wait", "Run it on n2, and return when it runs."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(guest);
        var host = call.Parsed.GetValue(on);
        var request = new StartRequest
        {
            Guest = name, Host = host, TakeOver = call.Parsed.GetValue(takeOver),
            Override = call.Parsed.GetValue(reason) ?? "",
        };
        return wait.Request(
            call,
            name,
            () => call.Ask(ApiPaths.Start, request, ApiJson.Default.StartRequest, cancel),
            GuestGoal.Runs(host),
            cancel);
    }
}
