using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay profile</c>: how patient the cluster is.</summary>
internal sealed class ProfileCommand : CliCommand
{
    private readonly Argument<string> profile = new("NAME") { Description = "aggressive, balanced or conservative." };

    private readonly Option<bool> anyway = new("--anyway")
    {
        Description = "Also when mainstay check --profile NAME refuses it. It endangers no guest, but may cost false alarms.",
    };

    public ProfileCommand(Terminal terminal)
        : base(
            terminal,
            "profile",
            "Choose how long a host may be silent before it is fenced: aggressive 0.8 s, balanced 2 s, conservative 5 s. Positive evidence "
            + "of death, such as power read as off, never waits.",
            Brief)
    {
        profile.OnlyFrom("aggressive", "balanced", "conservative");
        Arguments.Add(profile);
        Options.Add(anyway);
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay profile conservative", "For a network that blips.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new ProfileRequest
        {
            Profile = call.Parsed.GetRequiredValue(profile), Anyway = call.Parsed.GetValue(anyway),
        };
        return call.Request(ApiPaths.Profile, request, ApiJson.Default.ProfileRequest, cancel);
    }
}
