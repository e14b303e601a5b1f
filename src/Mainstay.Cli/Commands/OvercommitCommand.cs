using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay overcommit</c>: how many virtual processors may share one of a host.</summary>
internal sealed class OvercommitCommand : CliCommand
{
    private readonly Argument<int> number = new("NUMBER") { Description = "Virtual processors for each processor of a host; 0: any number." };

    public OvercommitCommand(Terminal terminal)
        : base(
            terminal,
            "overcommit",
            "Choose how many virtual processors of protected guests may share one of a host. A host beyond that is given no more; "
                + "nothing that runs is moved for it. 4 unless said otherwise.",
            Brief) => Arguments.Add(number);

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay overcommit 6", "Six for each."), new("mainstay overcommit 0", "They are not counted.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new OvercommitRequest { VcpusPerCpu = call.Parsed.GetRequiredValue(number) };
        return call.Request(ApiPaths.Overcommit, request, ApiJson.Default.OvercommitRequest, cancel);
    }
}
