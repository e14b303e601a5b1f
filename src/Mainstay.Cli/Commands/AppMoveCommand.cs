using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay app move</c>: stops an application and starts it elsewhere.</summary>
internal sealed class AppMoveCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "An application." };
    private readonly Argument<string?> host = new("HOST")
    {
        Description = "Where to; without one, the cluster chooses a host for each guest.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> reason = GuestOptions.Override();

    public AppMoveCommand(Terminal terminal)
        : base(
            terminal,
            "move",
            "Stop all guests of an application in reverse order, and start them on another host in order. It is refused when they have no "
            + "place there together.",
            Brief)
    {
        Arguments.Add(name);
        Arguments.Add(host);
        Options.Add(reason);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay app move shop n2", "The shop moves to n2; what is there already stays."),
        new("mainstay app move shop", "Each of its guests goes to another host."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new AppRequest
        {
            Name = call.Parsed.GetRequiredValue(name),
            Act = "move",
            Host = call.Parsed.GetValue(host),
            Override = call.Parsed.GetValue(reason) ?? "",
        };
        return call.Request(ApiPaths.App, request, ApiJson.Default.AppRequest, cancel);
    }
}
