using System.Globalization;
using Mainstay.Core.Health;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Contracts.Stored;

/// <summary>Turns documents back into the core's values; a <see cref="FormatException"/> names what is wrong.</summary>
internal static class StoredReader
{
    public static StoreValue Read(StoreKey key, StoredDocument document, SecretSeal seal) => document switch
    {
        ClusterDocument c => new ClusterSettings(
            c.Name, c.Id, c.Incarnation, Known(StoredWords.Profile(c.Profile), "profile", c.Profile), c.Armed, c.DisarmReason)
        {
            Capacity = new CapacityPolicy(c.HostLosses, [.. c.LossDomains ?? []]),
            VcpusPerCpu = c.VcpusPerCpu ?? ClusterSettings.DefaultVcpusPerCpu,
        },
        LeaderDocument l => new LeaderRecord(new HostSession(new HostId(l.Host), Session(l.Session))),
        HostDocument h => new HostConfig(
            h.Number,
            [.. h.Addresses],
            h.ApiPort,
            h.FenceMethods.Select(m => Method(key, m, seal)).ToValueList(),
            h.Maintenance) { Witness = h.Witness, Draining = h.Draining, Labels = PlacementReader.Labels(h.Labels) },
        SessionDocument s => Life(s),
        ArrivalDocument a => new ArrivalRecord(new BootId(a.Boot), a.Hardware, a.Why, a.Objection),
        FenceDocument f => Fence(f),
        StorageDocument s => new StorageConfig(
            s.Agent, s.Options.Select(o => Option(key, "storage", o, seal)).ToValueList(), [.. s.Covers]),
        KeepersDocument k => new KeeperSet(
            k.Epoch, k.Members.Select(h => new HostId(h)).ToValueList(), k.Previous.Select(h => new HostId(h)).ToValueList()),
        KeeperDocument k => new KeeperRecord(Number(k.Incarnation)),
        AdoptionDocument a => new AdoptionRecord(a.Uuid, new HostSession(new HostId(a.Host), Session(a.Session))),
        SightingDocument s => Sighting(s),
        GroupDocument g => Spec(g),
        OwnershipDocument o => Ownership(o),
        RecoveryDocument r => StoredRecovery.Read(r),
        LoadDocument l => Load(l),
        QuarantineDocument q => new QuarantineRecord(Known(StoredWords.Cause(q.Cause), "cause", q.Cause), q.Why),
        DecisionDocument d => new PlacementDecision(
            new Epoch(d.Epoch),
            Host(d.Chosen),
            d.Because,
            d.Considered.Select(PlacementReader.Score).ToValueList()),
        RulesDocument r => PlacementReader.Rules(r),
        OfferDocument o => PlacementReader.Offer(o),
        _ => throw new FormatException($"no value has the form of {document.GetType().Name}"),
    };

    private static SessionRecord Life(SessionDocument s) => new(
        Session(s.Session), new BootId(s.Boot), Known(StoredWords.Session(s.State), "state", s.State))
    {
        Lease = s.Lease is { } l
            ? new LeasePromise(new LeaseTerms(Span(l.FreezeMs), Span(l.KillMs), Span(l.ResetMs)), l.KeepersEpoch)
            : null,
        Incarnation = s.Incarnation,
        Hardware = s.Hardware,
        Leaving = s.Leaving is { } word ? Known(StoredWords.Leave(word), "leaving", word) : null,
    };

    private static GroupSpec Spec(GroupDocument g) => new(
        g.Uuid,
        g.Definition,
        g.MemoryMiB,
        Known(StoredWords.Desired(g.Desired), "desired", g.Desired),
        g.DesiredBy,
        g.ForceStop,
        Known(StoredWords.OnShutdown(g.OnGuestShutdown), "on_guest_shutdown", g.OnGuestShutdown),
        g.WasAutostart,
        Host(g.PreferredHost))
    {
        OnIsolation = Isolation(g.OnIsolation),
        Disks = [.. g.Disks ?? []],
        StorageProof = StorageProof(g.StorageProof),
        OnRepeatedLoss = g.OnRepeatedLoss is { } word
            ? Known(StoredWords.RepeatedLoss(word), "on_repeated_loss", word)
            : RepeatedLossPolicy.Hold,
        Tier = g.Tier is { } tier
            ? tier is >= 0 and <= GroupSpec.LastTier ? tier : throw new FormatException($"tier {tier} is not 0 to {GroupSpec.LastTier}")
            : GroupSpec.DefaultTier,
        Yields = g.Yields is { } yields ? Known(StoredWords.Yields(yields), "yields", yields) : Yielding.Never,
        Needs = PlacementReader.Needs(g.Needs),
        Failback = g.Failback is { } failback ? Known(Failback.Parse(failback), "failback", failback) : default,
        Prefers = (g.Prefers ?? []).Select(h => new HostId(h)).ToValueList(),
        RecoveryBudget = g.RecoveryBudgetMs is { } budget ? Span(budget) : null,
        Order = OrderCodec.Read(g.Order),
    };

    private static OwnershipRecord Ownership(OwnershipDocument o) => new(
        new Epoch(o.Epoch),
        Phase(o.Phase),
        o.Why,
        o.Failures.Select(f => new StartFailure(new HostId(f.Host), f.Error)).ToValueList())
    {
        OnIsolation = Isolation(o.OnIsolation),
        StorageProof = StorageProof(o.StorageProof),
        Losses = (o.Losses ?? []).Select(l => new HostSession(new HostId(l.Host), Session(l.Session))).ToValueList(),
        KeptFor = Host(o.KeptFor),
        Incarnation = o.Incarnation,
        TakesOver = o.TakesOver,
        HasRun = o.HasRun,
        Took = StoredRecovery.Read(o.Took),
        AgentAnswered = o.AgentAnswered,
        RanFor = Span(o.RanForMs),
    };

    private static HostSighting Sighting(SightingDocument s) => new(
        Session(s.Session),
        s.Incarnation,
        s.Adoptions.Select(a => new AdoptionSighting(new GroupId(a.Group), a.Asked, a.RunsHere)).ToValueList(),
        s.Running.Select(g => new GroupId(g)).ToValueList());

    private static HostLoad Load(LoadDocument l) => new(Session(l.Session), l.MemoryMiB, l.UsedMiB, l.LoadPercent, l.HypervisorOk)
    {
        Health = l.Health is { } h
            ? new HostHealth([.. h.StuckMonitors], h.DiskUs is { } us ? TimeSpan.FromMicroseconds(us) : null, h.LinkFlaps)
            : HostHealth.Unmeasured,
        Cores = l.Cores,
    };

    private static FenceMethod Method(StoreKey key, MethodDocument method, SecretSeal seal) => new(
        method.Name, method.Agent, method.Options.Select(o => Option(key, method.Name, o, seal)).ToValueList());

    private static FenceOption Option(StoreKey key, string method, OptionDocument option, SecretSeal seal)
    {
        if (option.Sealed is null)
            return new FenceOption(option.Name, option.Value ?? "", Secret: false);
        if (!seal.TryOpen(option.Sealed, StoredWriter.Place(key, method, option.Name), out var secret))
            throw new FormatException($"option {option.Name} of fence method {method} was not sealed with this cluster's key");
        return new FenceOption(option.Name, secret, Secret: true);
    }

    private static Proof Proved(ProofDocument proof) => proof.Proof switch
    {
        "power" => new Proof.Power(proof.Evidence),
        "new-boot" => new Proof.NewBoot(proof.Evidence),
        "lease" => new Proof.Lease(proof.Evidence),
        "kdump" => new Proof.CrashDump(proof.Evidence),
        "orderly" => new Proof.Orderly(proof.Evidence),
        "person" => new Proof.Person(proof.Evidence),
        "storage" => new Proof.Storage(
            proof.Evidence, proof.Storage ?? throw new FormatException("a storage proof lacks 'storage'"), [.. proof.Volumes ?? []]),
        _ => throw new FormatException($"unknown kind of proof '{proof.Proof}'"),
    };

    private static OwnershipPhase Phase(PhaseDocument phase) => phase.Name switch
    {
        "free" => new OwnershipPhase.Free(),
        "assigned" => new OwnershipPhase.Assigned(new HostId(Needed(phase.Host, "host", phase))),
        "claimed" => new OwnershipPhase.Claimed(Owner(phase)),
        "releasing" => new OwnershipPhase.Releasing(Owner(phase), Host(phase.Next)),
        "migrating" => new OwnershipPhase.Migrating(
            Owner(phase),
            new HostSession(new HostId(Needed(phase.Next, "next", phase)), Session(Needed(phase.TargetSession, "target_session", phase)))),
        "blocked" => new OwnershipPhase.Blocked(phase.Reason ?? ""),
        _ => throw new FormatException($"unknown ownership phase '{phase.Name}'"),
    };

    private static HostSession Owner(PhaseDocument phase) =>
        new(new HostId(Needed(phase.Host, "host", phase)), Session(Needed(phase.Session, "session", phase)));

    private static string Needed(string? value, string member, PhaseDocument phase) =>
        value ?? throw new FormatException($"ownership phase '{phase.Name}' lacks '{member}'");

    private static TimeSpan Span(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static ulong Number(string hex) =>
        ulong.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{hex}' is no incarnation of a beacon");

    private static FenceRecord Fence(FenceDocument fence) => new(fence.Reason, fence.Proofs.Select(Proved).ToValueList())
    {
        Consents = Consents(fence.Consents),
        Revocations = [.. fence.Revocations ?? []],
        RunsOn = fence.RunsOn,
        Silences = Consents(fence.Silences),
        Frozen = fence.Frozen,
        SeenOn = fence.SeenOn,
        Spent = fence.Spent,
        Heard = (fence.Heard ?? []).Select(h => new HostId(h)).ToValueList(),
    };

    private static ValueList<KeeperConsent> Consents(ConsentDocument[]? consents) =>
        (consents ?? []).Select(c => new KeeperConsent(new HostId(c.Keeper), Number(c.Incarnation))).ToValueList();

    // What an earlier version wrote knows nothing of storages: its guests wait for another proof.
    private static StorageProofPolicy StorageProof(string? word) =>
        word is null ? StorageProofPolicy.Never : Known(StoredWords.StorageProof(word), "storage_proof", word);

    private static IsolationPolicy Isolation(string? word) =>
        word is null ? IsolationPolicy.FreezeThenKill : Known(StoredWords.Isolation(word), "on_isolation", word);

    private static HostId? Host(string? name) => name is null ? null : new HostId(name);

    private static SessionId Session(string text) =>
        SessionId.TryParse(text, out var session) ? session : throw new FormatException($"'{text}' is no session number");

    private static T Known<T>(T? value, string member, string word)
        where T : struct =>
        value ?? throw new FormatException($"'{word}' is no value of '{member}'");
}
