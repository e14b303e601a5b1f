using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay start</c>: runs a guest.</summary>
internal sealed class StartCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };
    private readonly Option<string?> on = new("--on") { Description = "Where [default: the cluster chooses].", HelpName = "HOST" };
    private readonly WaitOptions wait;

    public StartCommand(Terminal terminal)
        : base(terminal, "start", "Run a guest and keep it running.", Brief)
    {
        Arguments.Add(guest);
        Options.Add(on);
        wait = new WaitOptions(this, "Wait until it runs.");
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay start web", "Run web where the cluster finds best."),
        new("mainstay start web --on n2 --wait", "Run it on n2, and return when it runs."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(guest);
        var host = call.Parsed.GetValue(on);
        return wait.Request(
            call,
            name,
            () => call.Ask(ApiPaths.Start, new StartRequest { Guest = name, Host = host }, ApiJson.Default.StartRequest, cancel),
            GuestGoal.Runs(host),
            cancel);
    }
}
