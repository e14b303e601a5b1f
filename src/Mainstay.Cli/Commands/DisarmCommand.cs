using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay disarm</c>: the cluster does nothing by itself until it is armed again.</summary>
internal sealed class DisarmCommand : CliCommand
{
    private readonly Argument<string[]> reason = new("REASON")
    {
        Description = "Why; shown in the status until armed again.", Arity = ArgumentArity.OneOrMore,
    };

    public DisarmCommand(Terminal terminal)
        : base(
            terminal,
            "disarm",
            "Hands off: nothing is fenced, moved or restarted by itself until 'mainstay arm'. Guests run on.",
            Brief) => Arguments.Add(reason);

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay disarm 'new switch in rack 4'", "Before work that would look like dying hosts.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new ArmRequest { Reason = string.Join(' ', call.Parsed.GetRequiredValue(reason)) };
        return call.Request(ApiPaths.Disarm, request, ApiJson.Default.ArmRequest, cancel);
    }
}
