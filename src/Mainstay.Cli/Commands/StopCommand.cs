using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay stop</c>: stops a guest and keeps it stopped.</summary>
internal sealed class StopCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };
    private readonly Option<bool> force = new("--force")
    {
        Description = "End its process at once, like pulling the plug, instead of asking it to shut down.",
    };

    private readonly WaitOptions wait;

    public StopCommand(Terminal terminal)
        : base(terminal, "stop", "Stop a guest and keep it stopped until 'mainstay start'.", Brief)
    {
        Arguments.Add(guest);
        Options.Add(force);
        wait = new WaitOptions(this, "Wait until it is stopped.");
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay stop web --wait", "Shut web down, and return when it is down."),
        new("mainstay stop web --force", "Pull the plug."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(guest);
        var request = new StopRequest { Guest = name, Force = call.Parsed.GetValue(force) };
        return wait.Request(
            call, name, () => call.Ask(ApiPaths.Stop, request, ApiJson.Default.StopRequest, cancel), GuestGoal.IsStopped, cancel);
    }
}
