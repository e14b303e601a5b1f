using System.Text;
using CsCheck;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Health;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Rules;

namespace Mainstay.Agent.Tests.Stored;

/// <summary>What is stored comes back as it was, secrets only through the right key and place.</summary>
public sealed class StoreCodecTests
{
    private static readonly StoreCodec Codec = new(new SecretSeal(new byte[32]));

    private static readonly Gen<string> Text = Gen.String[Gen.Char.AlphaNumeric, 0, 12];
    private static readonly Gen<HostId> Host = Gen.String[Gen.Char['a', 'f'], 1, 4].Select(n => new HostId(n));
    private static readonly Gen<HostId?> MaybeHost = Gen.OneOf(Host.Select(h => (HostId?)h), Gen.Const((HostId?)null));
    private static readonly Gen<SessionId> Session = Gen.ULong[1, ulong.MaxValue].Select(n => new SessionId(n));
    private static readonly Gen<HostSession> Life = Gen.Select(Host, Session, (h, s) => new HostSession(h, s));

    private static readonly Gen<Proof> Evidence = Gen.OneOf(
        Text.Select(t => (Proof)new Proof.Power(t)),
        Text.Select(t => (Proof)new Proof.NewBoot(t)),
        Text.Select(t => (Proof)new Proof.CrashDump(t)),
        Text.Select(t => (Proof)new Proof.Orderly(t)),
        Text.Select(t => (Proof)new Proof.Lease(t)),
        Gen.Select(Text, Text.Array[0, 3]).Select((t, v) => (Proof)new Proof.Storage(t, t, v.ToValueList())),
        Text.Select(t => (Proof)new Proof.Person(t)));

    private static readonly Gen<TimeSpan> Span = Gen.Long[0, 60_000].Select(ms => TimeSpan.FromMilliseconds(ms));
    private static readonly Gen<LeaseTerms> Terms = Gen.Select(Span, Span, Span, (f, k, r) => new LeaseTerms(f, k, r));
    private static readonly Gen<KeeperConsent> Consent = Gen.Select(Host, Gen.ULong, (h, i) => new KeeperConsent(h, i));

    private static readonly Gen<OwnershipPhase> Phase = Gen.OneOf(
        Gen.Const((OwnershipPhase)new OwnershipPhase.Free()),
        Host.Select(h => (OwnershipPhase)new OwnershipPhase.Assigned(h)),
        Life.Select(l => (OwnershipPhase)new OwnershipPhase.Claimed(l)),
        Gen.Select(Life, MaybeHost, (l, n) => (OwnershipPhase)new OwnershipPhase.Releasing(l, n)),
        Gen.Select(Life, Life, (a, b) => (OwnershipPhase)new OwnershipPhase.Migrating(a, b)),
        Text.Select(t => (OwnershipPhase)new OwnershipPhase.Blocked(t)));

    private static readonly Gen<FenceMethod> Method = Gen.Select(
        Text,
        Text,
        Gen.Select(Text, Text, Gen.Bool, (n, v, s) => new FenceOption(n, v, s)).Array[0, 4],
        (name, agent, options) => new FenceMethod(name, agent, options.ToValueList()));

    private static readonly Gen<(StoreKey Key, StoreValue Value)> Entry = Gen.OneOf(
        Gen.Select(Text, Gen.Long, Gen.Enum<TimingProfile>(), Gen.Bool, (t, n, p, a) =>
            Pair(new StoreKey.Cluster(), new ClusterSettings(t, t, n, p, a, t)
            {
                VcpusPerCpu = a ? 0 : 7,
            })),
        Life.Select(l => Pair(new StoreKey.Leader(), new LeaderRecord(l))),
        Gen.Select(Host, Gen.Int[1, 65535], Text.Array[0, 3], Method.Array[0, 3], Gen.Bool, Gen.Bool, (h, n, a, m, on, w) =>
            Pair(new StoreKey.Host(h), new HostConfig(n, a.ToValueList(), n, m.ToValueList(), on)
            {
                Witness = w, Draining = on, Labels = a.Select(text => new HostLabel(text, on ? text : "")).ToValueList(),
            })),
        Gen.Select(Life, Text, Gen.Enum<SessionState>(), (l, b, s) =>
            Pair(new StoreKey.Session(l.Host), new SessionRecord(l.Session, new BootId(b), s))),
        Gen.Select(Life, Terms, Gen.Long[0, 1000], (l, t, e) =>
            Pair(new StoreKey.Session(l.Host), new SessionRecord(l.Session, new BootId("b"), SessionState.Online)
            {
                Lease = new LeasePromise(t, e),
                Hardware = e % 2 == 0 ? null : $"machine-{e}",
                Leaving = e % 3 == 0 ? null : e % 3 == 1 ? LeavePolicy.Keep : LeavePolicy.Move,
            })),
        Gen.Select(Life, Text, Evidence.Array[0, 3], Consent.Array[0, 3], (l, r, p, c) =>
            Pair(new StoreKey.Fence(l), new FenceRecord(r, p.ToValueList())
            {
                Consents = c.ToValueList(),
                Silences = c.Take(1).ToValueList(),
                Revocations = c.Select(k => k.Keeper.Name).ToValueList(),
                Heard = c.Select(k => k.Keeper).ToValueList(),
                RunsOn = c.Length > 1,
                SeenOn = p.Length > 1,
                Frozen = c.Length > 1 ? r : null,
                Spent = c.Length > 2,
            })),
        Gen.Select(Host, Method, Text.Array[0, 3], (h, m, c) =>
            Pair(new StoreKey.Storage(h.Name), new StorageConfig(m.Agent, m.Options, c.ToValueList()))),
        Gen.Select(Gen.Long[1, 1000], Host.Array[0, 7], Host.Array[0, 7], (e, m, p) =>
            Pair(new StoreKey.Keepers(), new KeeperSet(e, m.ToValueList(), p.ToValueList()))),
        Gen.Select(Host, Gen.ULong, (h, i) => Pair(new StoreKey.Keeper(h), new KeeperRecord(i))),
        Gen.Select(Life, Text, (l, u) => Pair(new StoreKey.Adoption(new GroupId(l.Host.Name)), new AdoptionRecord(u, l))),
        Gen.Select(Life, Host.Array[0, 3], Gen.Long, Gen.Bool, (l, g, n, yes) => Pair(
            new StoreKey.Sighting(l.Host),
            new HostSighting(
                l.Session,
                n,
                g.Select(h => new AdoptionSighting(new GroupId(h.Name), n, yes)).ToValueList(),
                g.Select(h => new GroupId(h.Name)).ToValueList()))),
        Gen.Select(Host, Text, Gen.Enum<DesiredState>(), Gen.Enum<GuestShutdownPolicy>(), Gen.Bool, MaybeHost, (g, t, d, p, b, h) =>
            Pair(new StoreKey.Group(new GroupId(g.Name)), new GroupSpec(t, t, 512, d, t, b, p, !b, h)
            {
                OnIsolation = b ? IsolationPolicy.Keep : IsolationPolicy.FreezeThenKill,
                StorageProof = b ? StorageProofPolicy.Always : StorageProofPolicy.Frozen,
                Disks = b ? [t, "rbd:pool/web"] : [],
                OnRepeatedLoss = b ? RepeatedLossPolicy.Restart : RepeatedLossPolicy.Hold,
                Tier = b ? 0 : 4,
                Yields = b ? Yielding.Moves : Yielding.Stops,
                Needs = b ? new GuestNeeds(4, 128, [new PageNeed(2048, 512)], ["bridge:br0", t]) : null,
                Prefers = b ? [g, new HostId(t)] : [],
                Failback = b ? new Failback(FailbackWhen.Window, 1320, 300) : new Failback(FailbackWhen.Idle, 0, 0),
                RecoveryBudget = b ? TimeSpan.FromSeconds(30) : null,
                Order = b ? Ordered(g, t) : GroupOrder.None,
            })),
        Gen.Select(Host, Gen.Long[1, 1000], Phase, Text, Host.Array[0, 3], (g, e, p, w, f) => Pair(
            new StoreKey.Ownership(new GroupId(g.Name)),
            new OwnershipRecord(new Epoch(e), p, w, f.Select(h => new StartFailure(h, w)).ToValueList())
            {
                OnIsolation = f.Length > 1 ? IsolationPolicy.Keep : IsolationPolicy.FreezeThenKill,
                StorageProof = f.Length > 1 ? StorageProofPolicy.Never : StorageProofPolicy.Always,
                Losses = f.Select(h => new HostSession(h, new SessionId((ulong)e))).ToValueList(),
                KeptFor = f.Length == 1 ? f[0] : null,
                HasRun = f.Length == 2,
                Took = f.Length == 3 ? RecoveryCodecTests.SoFar(f[0], e) : null,
                AgentAnswered = f.Length == 1,
                RanFor = TimeSpan.FromSeconds(f.Length),
            })),
        Gen.Select(Life, Gen.Long, Gen.Int[0, 100], Gen.Bool, (l, m, p, ok) =>
            Pair(new StoreKey.Load(l.Host), new HostLoad(l.Session, m, m, p, ok)
            {
                Health = new HostHealth(ok ? ["web"] : [], ok ? TimeSpan.FromMilliseconds(p) : null, p),
                Cores = p,
            })),
        Gen.Select(Host, Text, Gen.Bool, (h, t, no) =>
            Pair(new StoreKey.Arrival(h), new ArrivalRecord(new BootId(t), no ? null : t, t, no ? t : null))),
        Gen.Select(Host, Text, Gen.Enum<QuarantineCause>(), (h, t, c) => Pair(new StoreKey.Quarantine(h), new QuarantineRecord(c, t))),
        Gen.Select(Host, MaybeHost, Text, Host.Array[0, 3], Gen.Bool, (g, c, b, hosts, no) => Pair(
            new StoreKey.Decision(new GroupId(g.Name)),
            new PlacementDecision(new Epoch(7), c, b, hosts.Select(h => new HostScore(h, 5, no ? b : null)
            {
                Parts = no ? [] : [new ScorePart(b, -7)],
            }).ToValueList()))),
        Gen.Select(Text, Gen.Enum<PlacementRuleKind>(), Host.Array[0, 3], Gen.Int[1, 9], Gen.Bool, (t, k, g, n, s) => Pair(
            new StoreKey.Rules(),
            new RuleBook([
                new PlacementRule(t, k, g.Select(h => new GroupId(h.Name)).ToValueList())
                {
                    By = s ? t : null, Limit = n, Should = s, Hosts = g.Select(h => new HostLabel("host", h.Name)).ToValueList(),
                },
            ]))),
        Gen.Select(Life, Gen.Int[0, 64], Text.Array[0, 3], Gen.Long, (l, c, t, n) => Pair(
            new StoreKey.Offer(l.Host),
            new HostOffer(
                l.Session, c, [new PageOffer(2048, n, n)], t.ToValueList(), t.Select(i => new MissingItem(i, i)).ToValueList()))));

    private static GroupOrder Ordered(HostId on, string application) => new(
        [
            new StartDependency(new GroupId(on.Name), StartGate.Delay, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(2), OnLimit.Hold),
            new StartDependency(
                new GroupId(on.Name + "-2"), StartGate.Agent, TimeSpan.Zero, StartDependency.DefaultLimit, OnLimit.Continue),
        ],
        application,
        new Epoch(4));

    [Fact]
    public void Every_value_comes_back_as_it_was() => Entry.Sample(entry =>
        Codec.Decode(entry.Key, Codec.Encode(entry.Key, entry.Value)) is DecodedValue.Read read && read.Value == entry.Value);

    [Fact]
    public void Every_key_reads_what_it_wrote() => Entry.Sample(entry =>
        StoreKey.TryParse(entry.Key.ToString(), out var key) && key == entry.Key);

    [Fact]
    public void Secrets_are_not_in_the_stored_text_and_open_only_in_their_place()
    {
        var method = new FenceMethod("bmc", "fence_ipmilan", [new("password", "labpass-77", true), new("username", "admin", false)]);
        var value = new HostConfig(1, ["10.0.0.1"], 7780, [method], false);
        var bytes = Codec.Encode(new StoreKey.Host(new HostId("n1")), value);

        Assert.DoesNotContain("labpass-77", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.IsType<DecodedValue.Read>(Codec.Decode(new StoreKey.Host(new HostId("n1")), bytes));
        Assert.IsType<DecodedValue.Unreadable>(Codec.Decode(new StoreKey.Host(new HostId("n2")), bytes));
        var other = new StoreCodec(new SecretSeal(Enumerable.Repeat((byte)1, 32).ToArray()));
        Assert.IsType<DecodedValue.Unreadable>(other.Decode(new StoreKey.Host(new HostId("n1")), bytes));
    }

    [Fact]
    public void A_seal_serves_many_threads_at_once()
    {
        using var seal = new SecretSeal(new byte[32]);

        var wrong = Enumerable.Range(0, 20_000).AsParallel().WithDegreeOfParallelism(4).Count(n =>
            !seal.TryOpen(seal.Seal($"secret {n}", "here"), "here", out var secret) || secret != $"secret {n}");

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Unknown_members_are_ignored()
    {
        var json = """{"kind":"leader","schema":1,"host":"n1","session":"00000000000000ff","added_later":{"x":[1]}}""";

        var read = Assert.IsType<DecodedValue.Read>(Codec.Decode(new StoreKey.Leader(), Encoding.UTF8.GetBytes(json)));

        Assert.Equal(new LeaderRecord(new HostSession(new HostId("n1"), new SessionId(255))), read.Value);
    }

    [Theory]
    [InlineData("", "leader")]
    [InlineData("null", "leader")]
    [InlineData("{}", "leader")]
    [InlineData("""{"kind":"leader","schema":2,"host":"n1","session":"00000000000000ff"}""", "newer version")]
    [InlineData("""{"kind":"leader","schema":1,"host":"n1"}""", "session")]
    [InlineData("""{"kind":"leader","schema":1,"host":"n1","session":"zz"}""", "zz")]
    [InlineData(
        """{"kind":"load","schema":1,"session":"ff","memory_mib":1,"used_mib":1,"load_percent":1,"hypervisor_ok":true}""", "belong")]
    public void Damaged_values_say_what_is_wrong(string json, string expected)
    {
        var unreadable = Assert.IsType<DecodedValue.Unreadable>(Codec.Decode(new StoreKey.Leader(), Encoding.UTF8.GetBytes(json)));

        Assert.Contains(expected, unreadable.Why, StringComparison.Ordinal);
    }

    private static (StoreKey Key, StoreValue Value) Pair(StoreKey key, StoreValue value) => (key, value);
}
