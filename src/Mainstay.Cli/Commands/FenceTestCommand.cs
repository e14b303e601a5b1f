using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay fence test</c>: reads a host's power through its fence methods.</summary>
internal sealed class FenceTestCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "The host whose power is read." };
    private readonly Option<string?> method = new("--name") { Description = "Only this method.", HelpName = "NAME" };

    public FenceTestCommand(Terminal terminal)
        : base(terminal, "test", "Read a host's power through each of its fence methods. Switches nothing.", TimeSpan.FromSeconds(40))
    {
        Arguments.Add(host);
        Options.Add(method);
    }

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay fence test n1", "Each method: the state read and how long it took, or why not. Exit code 1: none read it.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(host);
        call.Progress($"Reading the power of {name} …");
        var request = new FenceTestRequest { Host = name, Name = call.Parsed.GetValue(method) };
        var answer = await call.Agent.Post(
            ApiPaths.FenceTest, request, ApiJson.Default.FenceTestRequest, ApiJson.Default.FenceTestReply, call.Limit, cancel);
        return call.Finish(
            answer,
            ApiJson.Default.FenceTestReply,
            reply => reply.Ready ? ExitCode.Done : ExitCode.Refused,
            reply => new FenceView(call.Out, call.Ink, call.Terminal.Time).Write(reply));
    }
}
