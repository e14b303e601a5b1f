using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay maintenance</c>: takes a host out of the cluster's hands for a while.</summary>
internal sealed class MaintenanceCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "A member." };
    private readonly Argument<string> state = new("on|off") { Description = "on: take it out; off: give it back." };

    public MaintenanceCommand(Terminal terminal)
        : base(terminal, "maintenance", "Take a host out of the cluster's hands: it is never fenced and receives no guests.", Brief)
    {
        state.OnlyFrom("on", "off");
        Arguments.Add(host);
        Arguments.Add(state);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay maintenance n2 on", "Before work on n2."),
        new("mainstay maintenance n2 off", "After it."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new MaintenanceRequest { Host = call.Parsed.GetRequiredValue(host), On = call.Parsed.GetRequiredValue(state) == "on" };
        return call.Request(ApiPaths.Maintenance, request, ApiJson.Default.MaintenanceRequest, cancel);
    }
}
