using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay explain</c>: why a guest is where it is.</summary>
internal sealed class ExplainCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };

    private readonly Option<string> on = new("--on")
    {
        Description = "Say whether it would start on this host now, and if not, every reason. Exit code 1 when it would not.",
        HelpName = "HOST",
    };

    public ExplainCommand(Terminal terminal)
        : base(
            terminal,
            "explain",
            "Say why a guest is where it is: what was decided, on which evidence, what was rejected, and what a further loss would mean.",
            Brief)
    {
        Arguments.Add(guest);
        Options.Add(on);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay explain web", "The whole story of web in a page."),
        new("mainstay explain web --on n3", "Would web start on n3 now?"),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (name, host) = (call.Parsed.GetRequiredValue(guest), call.Parsed.GetValue(on));
        var path = $"{ApiPaths.Explain}/{Uri.EscapeDataString(name)}{(host is null ? "" : $"?on={Uri.EscapeDataString(host)}")}";
        var answer = await call.Agent.Get(path, ApiJson.Default.ExplainReply, call.Limit, cancel);
        return call.Finish(
            answer,
            ApiJson.Default.ExplainReply,
            reply => reply.On is { Possible: false } ? ExitCode.Refused : ExitCode.Done,
            reply =>
            {
                if (reply.On is { } place)
                    new PlacementView(call.Out, call.Ink).Write(reply.Guest.Name, place);
                else
                    new ExplainView(call.Out, call.Ink, call.Terminal.Time).Write(reply);
            });
    }
}
