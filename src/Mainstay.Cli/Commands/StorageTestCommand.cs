using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay storage test</c>: reads what a storage knows of the hosts.</summary>
internal sealed class StorageTestCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The storage." };

    public StorageTestCommand(Terminal terminal)
        : base(terminal, "test", "Read what a storage knows of each host. Cuts nobody off.", TimeSpan.FromSeconds(40)) =>
        Arguments.Add(name);

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay storage test san", "Each host: admitted, cut off, or why that is not known. Exit code 1: something is wrong.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new StorageTestRequest { Name = call.Parsed.GetRequiredValue(name) };
        call.Progress($"Reading storage {request.Name} …");
        var answer = await call.Agent.Post(
            ApiPaths.StorageTest, request, ApiJson.Default.StorageTestRequest, ApiJson.Default.StorageTestReply, call.Limit, cancel);
        return call.Finish(
            answer,
            ApiJson.Default.StorageTestReply,
            reply => reply.Ready ? ExitCode.Done : ExitCode.Refused,
            reply => new StorageView(call.Out, call.Ink).Write(reply));
    }
}
