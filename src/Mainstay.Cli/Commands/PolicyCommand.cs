using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay policy</c>: changes what follows when a protected guest shuts itself down or its host is isolated.</summary>
internal sealed class PolicyCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };
    private readonly Option<string> onShutdown = new("--on-guest-shutdown")
    {
        Description = "What follows when the guest shuts itself down: stay-down or restart.", HelpName = "POLICY",
    };

    private readonly Option<string> onIsolation = new("--on-isolation")
    {
        Description = "What happens to it on a host that the keepers do not hear any more: freeze-then-kill, keep or shutdown. Counts from "
            + "the next time a host claims it.",
        HelpName = "POLICY",
    };

    public PolicyCommand(Terminal terminal)
        : base(terminal, "policy", "Change the policies of a protected guest. What is not named stays as it is.", Brief)
    {
        onShutdown.OnlyFrom("stay-down", "restart");
        onIsolation.OnlyFrom(ProtectCommand.IsolationPolicies);
        Arguments.Add(guest);
        Options.Add(onShutdown);
        Options.Add(onIsolation);
        Validators.Add(result =>
        {
            if (result.GetValue(onShutdown) is null && result.GetValue(onIsolation) is null)
                result.AddError("Which policy? Name --on-isolation, --on-guest-shutdown or both");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay policy db --on-isolation shutdown", "On an isolated host shut it down in order instead of pausing and killing it."),
        new("mainstay policy web --on-guest-shutdown restart", "Start it again when it shuts itself down."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new PolicyRequest
        {
            Guest = call.Parsed.GetRequiredValue(guest),
            OnGuestShutdown = call.Parsed.GetValue(onShutdown)?.Replace('-', '_'),
            OnIsolation = call.Parsed.GetValue(onIsolation)?.Replace('-', '_'),
        };
        return call.Request(ApiPaths.Policy, request, ApiJson.Default.PolicyRequest, cancel);
    }
}
