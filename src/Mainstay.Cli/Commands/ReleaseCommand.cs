using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay release</c>: gives guests back to libvirt.</summary>
internal sealed class ReleaseCommand : CliCommand
{
    private readonly Argument<string[]> guests = new("GUEST") { Description = "A protected guest.", Arity = ArgumentArity.OneOrMore };

    public ReleaseCommand(Terminal terminal)
        : base(terminal, "release", "Give guests back to libvirt where they are. They run on; nothing restarts them any more.", Brief) =>
        Arguments.Add(guests);

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay release web", "Let libvirt alone look after web again.")];

    protected override Task<int> Run(Call call, CancellationToken cancel) => RequestSeries.Run(
        call,
        call.Parsed.GetRequiredValue(guests),
        guest => call.Ask(ApiPaths.Release, new ReleaseRequest { Guest = guest }, ApiJson.Default.ReleaseRequest, cancel));
}
