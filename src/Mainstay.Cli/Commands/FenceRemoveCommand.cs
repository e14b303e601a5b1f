using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay fence remove</c>: removes a fence method of a host.</summary>
internal sealed class FenceRemoveCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "The host." };
    private readonly Argument<string> method = new("METHOD") { Description = "The method's name, as 'mainstay fence list' shows it." };

    public FenceRemoveCommand(Terminal terminal)
        : base(terminal, "remove", "Remove a fence method from a host.", Brief)
    {
        Arguments.Add(host);
        Arguments.Add(method);
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay fence remove n1 pdu", "Forget the method pdu of n1.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new FenceRemoveRequest { Host = call.Parsed.GetRequiredValue(host), Name = call.Parsed.GetRequiredValue(method) };
        return call.Request(ApiPaths.FenceRemove, request, ApiJson.Default.FenceRemoveRequest, cancel);
    }
}
