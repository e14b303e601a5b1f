using System.CommandLine;
using System.CommandLine.Parsing;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary>
/// <c>mainstay policy</c>: changes what follows when a protected guest shuts itself down, or its host is isolated or lost.
/// </summary>
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

    private readonly Option<string> storageProof = new("--storage-proof")
    {
        Description = "When it may run elsewhere because its host was cut off from its disks: frozen (its old copy is paused besides), "
            + "never or always (refused on NFS 3, which has no barrier). Counts from the next time a host claims it.",
        HelpName = "POLICY",
    };

    private readonly Option<string> onRepeatedLoss = new("--on-repeated-loss")
    {
        Description = "What follows when it was present at the loss of two hosts: hold (until somebody starts it) or restart, which also "
            + "releases one that is held back.",
        HelpName = "POLICY",
    };

    private readonly Option<int?> tier = GuestOptions.Tier();
    private readonly Option<string> yields = GuestOptions.Yields();

    private readonly Option<string> prefer = new("--prefer")
    {
        Description = "Hosts where it is rather than elsewhere, the best first; none: anywhere.", HelpName = "HOST,HOST",
    };

    private readonly Option<string> failback = new("--failback")
    {
        Description = "When it goes back to a host that it prefers, by being stopped and started: never (the default), idle (both hosts "
            + "have little to do) or window=22:00-05:00 (local time of the leader). The host must have been well for ten minutes.",
        HelpName = "WHEN",
    };

    private readonly Option<TimeSpan?> budget = new("--recovery-budget")
    {
        Description = "After the loss of its host it is to run again within this time, such as 30s; when its last failovers, or what is "
            + "known of proofs and its start, say that it would not, it is called at risk. none: no such demand.",
        HelpName = "TIME",
        CustomParser = Budget,
    };

    public PolicyCommand(Terminal terminal)
        : base(terminal, "policy", "Change the policies of a protected guest. What is not named stays as it is.", Brief)
    {
        onShutdown.OnlyFrom("stay-down", "restart");
        onIsolation.OnlyFrom(ProtectCommand.IsolationPolicies);
        storageProof.OnlyFrom(ProtectCommand.StorageProofPolicies);
        onRepeatedLoss.OnlyFrom(ProtectCommand.RepeatedLossPolicies);
        Arguments.Add(guest);
        Options.Add(onShutdown);
        Options.Add(onIsolation);
        Options.Add(storageProof);
        Options.Add(onRepeatedLoss);
        Options.Add(tier);
        Options.Add(yields);
        Options.Add(prefer);
        Options.Add(failback);
        Options.Add(budget);
        Validators.Add(result =>
        {
            Option[] all = [tier, budget, yields, onIsolation, onShutdown, storageProof, prefer, failback, onRepeatedLoss];
            if (Array.TrueForAll(all, option => result.GetResult(option) is null or { Implicit: true }))
                result.AddError($"Which policy? Name {string.Join(", ", all[..^1].Select(o => o.Name))} or {all[^1].Name}");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay policy db --on-isolation shutdown", "On an isolated host shut it down in order instead of pausing and killing it."),
        new("mainstay policy db --storage-proof never", "Wait for a proof of its host's death also when its disks are cut off."),
        new("mainstay policy web --on-guest-shutdown restart", "Start it again when it shuts itself down."),
        new("mainstay policy web --on-repeated-loss restart", "Start it again, however many hosts were lost with it on them."),
        new("mainstay policy db --tier 0", "Give it a host before all others."),
        new("mainstay policy web --recovery-budget 30s", "Call it at risk when the loss of its host would keep it down for longer."),
        new("mainstay policy batch --tier 4 --yields stops", "Shut it down when a more important guest finds no place otherwise."),
        new("mainstay policy db --prefer n1,n2 --failback window=22:00-05:00", "On n1 if it can be, else on n2; back to n1 at night."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new PolicyRequest
        {
            Guest = call.Parsed.GetRequiredValue(guest),
            OnGuestShutdown = call.Parsed.GetValue(onShutdown)?.Replace('-', '_'),
            OnIsolation = call.Parsed.GetValue(onIsolation)?.Replace('-', '_'),
            StorageProof = call.Parsed.GetValue(storageProof),
            OnRepeatedLoss = call.Parsed.GetValue(onRepeatedLoss),
            Tier = call.Parsed.GetValue(tier),
            Yields = call.Parsed.GetValue(yields),
            Prefer = call.Parsed.GetValue(prefer) is { } hosts ? hosts == "none" ? [] : LabelWords.List(hosts) : null,
            Failback = call.Parsed.GetValue(failback),
            RecoveryBudgetMs = (long?)call.Parsed.GetValue(budget)?.TotalMilliseconds,
        };
        return call.Request(ApiPaths.Policy, request, ApiJson.Default.PolicyRequest, cancel);
    }

    private static TimeSpan? Budget(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (text == "none")
            return TimeSpan.Zero;
        if (DurationText.Parse(text) is { } time && time <= TimeSpan.FromDays(1))
            return time;
        result.AddError($"--recovery-budget: '{text}' is no time up to a day. {DurationText.Mend} Or none, to demand nothing.");
        return null;
    }
}
