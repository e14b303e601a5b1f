using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay protect</c>: adopts libvirt domains where they run.</summary>
internal sealed class ProtectCommand : CliCommand
{
    public static readonly string[] IsolationPolicies = ["freeze-then-kill", "keep", "shutdown"];
    public static readonly string[] StorageProofPolicies = ["frozen", "never", "always"];
    public static readonly string[] RepeatedLossPolicies = ["hold", "restart"];

    private const int DefaultTier = 2;

    private readonly Argument<string[]> guests = new("GUEST")
    {
        Description = "The domain's name in libvirt.", Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> all = new("--all") { Description = "Every domain of every host." };
    private readonly Option<string> onShutdown = new("--on-guest-shutdown")
    {
        Description = "What follows when the guest shuts itself down: stay-down or restart.",
        HelpName = "POLICY",
        DefaultValueFactory = _ => "stay-down",
    };

    private readonly Option<string> onIsolation = new("--on-isolation")
    {
        Description = "What happens to it on a host that the keepers do not hear any more: freeze-then-kill, keep or shutdown.",
        HelpName = "POLICY",
        DefaultValueFactory = _ => "freeze-then-kill",
    };

    private readonly Option<bool> takeOver = new("--take-over")
    {
        Description = "Also when the guest's disk carries another cluster's stamp, or a later one. It must run nowhere else.",
    };

    private readonly Option<string> storageProof = new("--storage-proof")
    {
        Description = "When it may run elsewhere because its host was cut off from its disks: frozen (its old copy is paused besides), "
            + "never or always (refused on NFS 3, which has no barrier).",
        HelpName = "POLICY",
        DefaultValueFactory = _ => "frozen",
    };

    private readonly Option<string> onRepeatedLoss = new("--on-repeated-loss")
    {
        Description = "What follows when it was present at the loss of two hosts: hold (until somebody starts it) or restart.",
        HelpName = "POLICY",
        DefaultValueFactory = _ => "hold",
    };

    private readonly Option<int?> tier = GuestOptions.Tier();
    private readonly Option<string> yields = GuestOptions.Yields();
    private readonly Option<string> reason = GuestOptions.Override();

    public ProtectCommand(Terminal terminal)
        : base(
            terminal,
            "protect",
            "Adopt existing libvirt domains where they are. A running guest runs on untouched.",
            TimeSpan.FromSeconds(30))
    {
        onShutdown.OnlyFrom("stay-down", "restart");
        onIsolation.OnlyFrom(IsolationPolicies);
        storageProof.OnlyFrom(StorageProofPolicies);
        onRepeatedLoss.OnlyFrom(RepeatedLossPolicies);
        tier.DefaultValueFactory = _ => DefaultTier;
        yields.DefaultValueFactory = _ => "never";
        Arguments.Add(guests);
        Options.Add(all);
        Options.Add(onShutdown);
        Options.Add(onIsolation);
        Options.Add(takeOver);
        Options.Add(storageProof);
        Options.Add(onRepeatedLoss);
        Options.Add(tier);
        Options.Add(yields);
        Options.Add(reason);
        Validators.Add(result =>
        {
            var named = result.GetValue(guests) is { Length: > 0 };
            if (named == result.GetValue(all))
                result.AddError(named ? "Name guests or say --all, not both" : "Which guests? Name them, or say --all");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay protect web db", "Protect two guests."),
        new("mainstay protect --all", "Protect every domain of every host."),
        new("mainstay protect db --on-isolation shutdown", "On an isolated host shut it down in order instead of pausing and killing it."),
        new("mainstay protect batch --tier 4 --yields stops", "Shut it down when a more important guest finds no place otherwise."),
        new("mainstay protect web --on-guest-shutdown restart", "Also start it again when it shuts itself down."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new ProtectRequest
        {
            OnGuestShutdown = call.Parsed.GetRequiredValue(onShutdown).Replace('-', '_'),
            OnIsolation = call.Parsed.GetRequiredValue(onIsolation).Replace('-', '_'),
            TakeOver = call.Parsed.GetValue(takeOver),
            StorageProof = call.Parsed.GetRequiredValue(storageProof),
            OnRepeatedLoss = call.Parsed.GetRequiredValue(onRepeatedLoss),
            Tier = call.Parsed.GetValue(tier) ?? DefaultTier,
            Yields = call.Parsed.GetRequiredValue(yields),
            Override = call.Parsed.GetValue(reason) ?? "",
        };
        if (call.Parsed.GetValue(all))
            return call.Request(ApiPaths.Protect, request with { All = true }, ApiJson.Default.ProtectRequest, cancel);

        return RequestSeries.Run(
            call,
            call.Parsed.GetValue(guests) ?? [],
            guest => call.Ask(
                ApiPaths.Protect, request with { Guest = guest }, ApiJson.Default.ProtectRequest, cancel));
    }
}
