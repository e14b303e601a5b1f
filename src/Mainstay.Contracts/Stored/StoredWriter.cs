using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Rules;
using Mainstay.Core.Times;

namespace Mainstay.Contracts.Stored;

/// <summary>Turns the core's values into documents.</summary>
internal static class StoredWriter
{
    public static StoredDocument Write(StoreKey key, StoreValue value, SecretSeal seal) => value switch
    {
        ClusterSettings c => new ClusterDocument(
            c.Name, c.ClusterId, c.Incarnation, StoredWords.Of(c.Profile), c.Armed, c.DisarmReason,
            c.Capacity.HostLosses, c.Capacity.Domains.IsEmpty ? null : [.. c.Capacity.Domains], c.VcpusPerCpu),
        LeaderRecord l => new LeaderDocument(l.Holder.Host.Name, l.Holder.Session.ToString()),
        HostConfig h => Host(key, h, seal),
        SessionRecord s => Life(s),
        ArrivalRecord a => new ArrivalDocument(a.Boot.Text, a.Hardware, a.Why, a.Objection),
        FenceRecord f => Fence(f),
        StorageConfig s => new StorageDocument(s.Agent, Options(key, "storage", s.Options, seal), [.. s.Covers]),
        KeeperSet k => new KeepersDocument(k.Epoch, [.. k.Members.Select(h => h.Name)], [.. k.Previous.Select(h => h.Name)]),
        KeeperRecord k => new KeeperDocument(Hex(k.Incarnation)),
        AdoptionRecord a => new AdoptionDocument(a.Uuid, a.By.Host.Name, a.By.Session.ToString()),
        HostSighting s => Sighting(s),
        GroupSpec g => Group(g),
        OwnershipRecord o => Ownership(o),
        RecoveryTimes r => StoredRecovery.Write(r),
        HostLoad l => Load(l),
        QuarantineRecord q => new QuarantineDocument(StoredWords.Of(q.Cause), q.Why),
        PlacementDecision d => new DecisionDocument(
            d.Epoch.Number, d.Chosen?.Name, d.Because, [.. d.Considered.Select(PlacementWriter.Score)]),
        RuleBook r => PlacementWriter.Rules(r),
        HostOffer o => PlacementWriter.Offer(o),
        _ => throw new InvalidOperationException($"The codec has no stored form for {value.GetType().Name}."),
    };

    private static GroupDocument Group(GroupSpec g) => new(
        g.Uuid,
        g.Definition,
        g.MemoryMiB,
        StoredWords.Of(g.Desired),
        g.DesiredBy,
        g.ForceStop,
        StoredWords.Of(g.OnGuestShutdown),
        g.WasAutostart,
        g.PreferredHost?.Name,
        StoredWords.Of(g.OnIsolation),
        [.. g.Disks],
        StoredWords.Of(g.StorageProof),
        StoredWords.Of(g.OnRepeatedLoss),
        g.Tier,
        StoredWords.Of(g.Yields),
        PlacementWriter.Needs(g.Needs),
        [.. g.Prefers.Select(h => h.Name)],
        g.Failback.ToString(),
        (long?)g.RecoveryBudget?.TotalMilliseconds,
        OrderCodec.Write(g.Order));

    private static OwnershipDocument Ownership(OwnershipRecord o) => new(
        o.Epoch.Number,
        Phase(o.Phase),
        o.Why,
        [.. o.Failures.Select(f => new FailureDocument(f.Host.Name, f.Error))],
        StoredWords.Of(o.OnIsolation),
        StoredWords.Of(o.StorageProof),
        [.. o.Losses.Select(l => new LossDocument(l.Host.Name, l.Session.ToString()))],
        o.KeptFor?.Name,
        o.Incarnation,
        o.TakesOver,
        o.HasRun,
        StoredRecovery.Write(o.Took),
        o.AgentAnswered,
        (long)o.RanFor.TotalMilliseconds);

    private static HostDocument Host(StoreKey key, HostConfig h, SecretSeal seal) => new(
        h.Number,
        [.. h.Addresses],
        h.ApiPort,
        [.. h.FenceMethods.Select(m => Method(key, m, seal))],
        h.Maintenance,
        h.Witness,
        h.Draining,
        PlacementWriter.Labels(h.Labels));

    private static LoadDocument Load(HostLoad l) => new(
        l.Session.ToString(),
        l.MemoryMiB,
        l.UsedMiB,
        l.LoadPercent,
        l.HypervisorOk,
        new HealthDocument(
            [.. l.Health.StuckMonitors], l.Health.DiskLatency is { } d ? (long)d.TotalMicroseconds : null, l.Health.LinkFlaps),
        l.Cores);

    private static SessionDocument Life(SessionRecord s) => new(
        s.Session.ToString(),
        s.Boot.Text,
        StoredWords.Of(s.State),
        Promise(s.Lease),
        s.Leaving is { } policy ? StoredWords.Of(policy) : null,
        s.Incarnation,
        s.Hardware);

    private static FenceDocument Fence(FenceRecord f) => new(
        f.Reason,
        [.. f.Proofs.Select(Proved)],
        Consents(f.Consents),
        [.. f.Revocations],
        f.RunsOn,
        Consents(f.Silences),
        f.Frozen,
        f.SeenOn,
        [.. f.Heard.Select(h => h.Name)],
        f.Spent);

    private static SightingDocument Sighting(HostSighting s) => new(
        s.Session.ToString(),
        s.Incarnation,
        [.. s.Adoptions.Select(a => new AdoptionSightingDocument(a.Group.Name, a.Asked, a.RunsHere))],
        [.. s.Running.Select(g => g.Name)]);

    private static string Hex(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static PromiseDocument? Promise(LeasePromise? promise) => promise is null
        ? null
        : new PromiseDocument(
            (long)promise.Terms.Freeze.TotalMilliseconds,
            (long)promise.Terms.Kill.TotalMilliseconds,
            (long)Math.Ceiling(promise.Terms.Reset.TotalMilliseconds),
            promise.KeepersEpoch);

    /// <summary>Where a secret lives; sealed with it.</summary>
    public static string Place(StoreKey key, string method, string option) => $"{key}\n{method}\n{option}";

    private static MethodDocument Method(StoreKey key, FenceMethod method, SecretSeal seal) =>
        new(method.Name, method.Agent, Options(key, method.Name, method.Options, seal));

    private static OptionDocument[] Options(StoreKey key, string method, ValueList<FenceOption> options, SecretSeal seal) =>
    [
        .. options.Select(o => o.Secret
            ? new OptionDocument(o.Name, null, seal.Seal(o.Value, Place(key, method, o.Name)))
            : new OptionDocument(o.Name, o.Value, null)),
    ];

    private static ConsentDocument[] Consents(ValueList<KeeperConsent> consents) =>
        [.. consents.Select(c => new ConsentDocument(c.Keeper.Name, Hex(c.Incarnation)))];

    private static ProofDocument Proved(Proof proof) => proof is Proof.Storage storage
        ? new ProofDocument(proof.Kind, proof.Evidence, storage.Name, [.. storage.Volumes])
        : new ProofDocument(proof.Kind, proof.Evidence);

    private static PhaseDocument Phase(OwnershipPhase phase) => phase switch
    {
        OwnershipPhase.Free => new(phase.Name),
        OwnershipPhase.Assigned a => new(phase.Name, Host: a.Host.Name),
        OwnershipPhase.Claimed c => new(phase.Name, Host: c.Owner.Host.Name, Session: c.Owner.Session.ToString()),
        OwnershipPhase.Releasing r => new(
            phase.Name, Host: r.Owner.Host.Name, Session: r.Owner.Session.ToString(), Next: r.Next?.Name),
        OwnershipPhase.Migrating m => new(
            phase.Name,
            Host: m.Owner.Host.Name,
            Session: m.Owner.Session.ToString(),
            Next: m.Target.Host.Name,
            TargetSession: m.Target.Session.ToString()),
        OwnershipPhase.Blocked b => new(phase.Name, Reason: b.Reason),
        _ => throw new InvalidOperationException($"The codec has no stored form for the phase {phase.Name}."),
    };
}
