using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay check</c>: whether settings, hosts and what was measured fit together.</summary>
internal sealed class CheckCommand : CliCommand
{
    private readonly Option<string> profile = new("--profile")
    {
        Description = "Judge this profile instead of the one in use: aggressive, balanced or conservative.", HelpName = "NAME",
    };

    public CheckCommand(Terminal terminal)
        : base(
            terminal,
            "check",
            "Check whether settings, hosts and what was measured of them fit together. Exit code 1 when something must not be used so.",
            Brief)
    {
        profile.OnlyFrom("aggressive", "balanced", "conservative");
        Options.Add(profile);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay check", "Everything that is known."),
        new("mainstay check --profile aggressive", "Would that profile fit?"),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var path = ApiPaths.Check + (call.Parsed.GetValue(profile) is { } name ? $"?profile={name}" : "");
        var answer = await call.Agent.Get(path, ApiJson.Default.CheckReply, call.Limit, cancel);
        return call.Finish(
            answer,
            ApiJson.Default.CheckReply,
            reply => reply.Findings.Any(finding => finding.Severity == "refuse") ? ExitCode.Refused : ExitCode.Done,
            reply => new CheckView(call.Out, call.Ink).Write(reply));
    }
}
