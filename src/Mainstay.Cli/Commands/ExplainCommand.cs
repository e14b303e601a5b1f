using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay explain</c>: why a guest is where it is.</summary>
internal sealed class ExplainCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };

    public ExplainCommand(Terminal terminal)
        : base(
            terminal,
            "explain",
            "Say why a guest is where it is: what was decided, on which evidence, what was rejected, and what a further loss would mean.",
            Brief) => Arguments.Add(guest);

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay explain web", "The whole story of web in a page.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var path = $"{ApiPaths.Explain}/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(guest))}";
        var answer = await call.Agent.Get(path, ApiJson.Default.ExplainReply, call.Limit, cancel);
        return call.Finish(
            answer,
            ApiJson.Default.ExplainReply,
            _ => ExitCode.Done,
            reply => new ExplainView(call.Out, call.Ink, call.Terminal.Time).Write(reply));
    }
}
