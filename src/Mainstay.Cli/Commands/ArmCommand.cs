using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay arm</c>: ends a disarm.</summary>
internal sealed class ArmCommand(Terminal terminal)
    : CliCommand(terminal, "arm", "Let the cluster act by itself again, after 'mainstay disarm'.", Brief)
{
    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay arm", "When the work is done.")];

    protected override Task<int> Run(Call call, CancellationToken cancel) =>
        call.Request(ApiPaths.Arm, new ArmRequest(), ApiJson.Default.ArmRequest, cancel);
}
