using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Tests.Health;

/// <summary>A guest is called protected only when nothing known stands in the way of its restart.</summary>
public sealed class StandingBoardTests
{
    private static readonly HostSession First = new(new HostId("n1"), new SessionId(1));

    private static readonly StandingInputs Calm = new(View(("web", 2, First)), null, _ => null, _ => null, _ => null);

    [Fact]
    public void With_room_proof_and_quorum_it_is_protected() => Assert.IsType<GuestStanding.Protected>(Of(Calm, "web"));

    [Theory]
    [InlineData("store", "the store has no quorum: no answer")]
    [InlineData("proof", "no proof of death possible for n1: no fence method")]
    [InlineData("silent", "n1: no beacon of it for 0.4 s")]
    [InlineData("voter", "the store's only voter is on n1")]
    [InlineData("disarmed", "the cluster is disarmed: network work")]
    [InlineData("maintenance", "in maintenance: n1 is not fenced, so nobody takes it over if n1 dies")]
    [InlineData("fencing", "n1 is being fenced and its death is not proved yet")]
    [InlineData("dead", "n1 is dead; it is about to be started elsewhere")]
    [InlineData("full", "no place when n1 is lost: n2: needs 2048 MiB, 1192 MiB free; n3: needs 2048 MiB, 1192 MiB free")]
    [InlineData("alone", "no place when n1 is lost: n2: not online; n3: not online")]
    [InlineData("assigned", "it is being started on n2; last start failed on n3: no disk")]
    [InlineData("free", "it waits for a host (test)")]
    public void Every_fault_puts_it_at_risk_and_is_the_reason_given(string fault, string because) =>
        Assert.StartsWith(because, Assert.IsType<GuestStanding.AtRisk>(Of(With(fault), "web")).Because, StringComparison.Ordinal);

    [Theory]
    [InlineData("stopped", "it is to be stopped: stop")]
    [InlineData("blocked", "blocked: two owners")]
    [InlineData("unowned", "it has no ownership record")]
    [InlineData("local", "its disk /srv/web.img is on storage of n1 only")]
    public void What_nobody_restarts_is_not_protected(string fault, string because) => Assert.StartsWith(
        because, Assert.IsType<GuestStanding.NotProtected>(Of(With(fault), "web")).Because, StringComparison.Ordinal);

    [Fact]
    public void Room_is_counted_for_all_guests_of_the_host_together()
    {
        // n2 and n3 have 8 GiB each: three guests of 5 GiB find two places.
        var board = StandingBoard.Of(Calm with { View = View(("a", 5, First), ("b", 5, First), ("c", 5, First)) });
        Assert.Equal(2, board.Values.OfType<GuestStanding.Protected>().Count());
        Assert.Contains("5120 MiB", Assert.Single(board.Values.OfType<GuestStanding.AtRisk>()).Because, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_are_placed_first_and_a_silent_host_takes_nothing()
    {
        var view = View(("small", 2, First), ("large", 7, First));
        Assert.All(StandingBoard.Of(Calm with { View = view }).Values, standing => Assert.IsType<GuestStanding.Protected>(standing));
        var silent = Calm with { View = view, HostFault = host => host.Name == "n3" ? "silent" : null };
        Assert.IsType<GuestStanding.Protected>(Of(silent, "large"));
        Assert.IsType<GuestStanding.AtRisk>(Of(silent, "small"));
    }

    [Fact]
    public void A_guest_that_fits_on_no_other_host_for_a_need_or_a_rule_says_which()
    {
        var view = View(("web", 2, First));
        var needy = view.Groups[new GroupId("web")].Value with { Needs = new GuestNeeds(0, 0, [], ["bridge:br1"]) };
        var n2 = view.Sessions[new HostId("n2")].Value.Session;
        view = view.With(new StoreEntry(new StoreKey.Group(new GroupId("web")), needy, 9))
            .With(new StoreEntry(
                new StoreKey.Offer(new HostId("n2")), new HostOffer(n2, 0, [], [], [new("bridge:br1", "no such link")]), 9))
            .With(new StoreEntry(
                new StoreKey.Rules(),
                new RuleBook([
                    new PlacementRule("off", PlacementRuleKind.NotOn, [new GroupId("web")]) { Hosts = [new HostLabel("host", "n3")] },
                ]),
                9));
        Assert.Equal(
            "no place when n1 is lost: n2: bridge br1: no such link; n3: rule off: web must not run on host=n3",
            Assert.IsType<GuestStanding.AtRisk>(Of(Calm with { View = view }, "web")).Because);
    }

    private static GuestStanding Of(StandingInputs inputs, string guest) => StandingBoard.Of(inputs)[new GroupId(guest)];

    private static StandingInputs With(string fault) => fault switch
    {
        "store" => Calm with { StoreFault = "no answer" },
        "proof" => Calm with { ProofFault = _ => "no fence method" },
        "silent" => Calm with { HostFault = host => host.Name == "n1" ? "no beacon of it for 0.4 s" : null },
        "local" => Calm with { DiskFault = _ => "its disk /srv/web.img is on storage of n1 only" },
        "voter" => Calm with { QuorumFault = host => host == First.Host ? "the store's only voter is on n1" : null },
        "disarmed" => Put(new StoreKey.Cluster(), new ClusterSettings("c", "id", 1, TimingProfile.Balanced, false, "network work")),
        "maintenance" => Put(new StoreKey.Host(First.Host), new HostConfig(1, ["a"], 7780, [], true)),
        "fencing" => Put(new StoreKey.Session(First.Host), new SessionRecord(First.Session, new BootId("b"), SessionState.Fencing)),
        "dead" => Put(
            new StoreKey.Session(First.Host),
            new SessionRecord(First.Session, new BootId("b"), SessionState.Fenced),
            new StoreKey.Fence(First),
            new FenceRecord("silent", [new Proof.Power("off")])),
        "full" => Full(),
        "alone" => Put(
            new StoreKey.Session(new HostId("n2")),
            new SessionRecord(new SessionId(2), new BootId("b"), SessionState.Left),
            new StoreKey.Session(new HostId("n3")),
            new SessionRecord(new SessionId(3), new BootId("b"), SessionState.Left)),
        "assigned" => Own(new OwnershipPhase.Assigned(new HostId("n2")), new StartFailure(new HostId("n3"), "no disk")),
        "free" => Own(new OwnershipPhase.Free()),
        "blocked" => Own(new OwnershipPhase.Blocked("two owners")),
        "stopped" => Put(new StoreKey.Group(new GroupId("web")), Spec(2) with { Desired = DesiredState.Stopped, DesiredBy = "stop" }),
        "unowned" => Calm with { View = Calm.View.With(new StoreEntry(new StoreKey.Ownership(new GroupId("web")), null, 9)) },
        _ => throw new ArgumentException(fault),
    };

    private static StandingInputs Full()
    {
        var load = new HostLoad(new SessionId(2), 8192, 7000, 0, true);
        return Put(
            new StoreKey.Load(new HostId("n2")), load, new StoreKey.Load(new HostId("n3")), load with { Session = new SessionId(3) });
    }

    private static StandingInputs Own(OwnershipPhase phase, params StartFailure[] failures) => Put(
        new StoreKey.Ownership(new GroupId("web")), new OwnershipRecord(new Epoch(2), phase, "test", failures.ToValueList()));

    private static StandingInputs Put(StoreKey key, StoreValue value, StoreKey? other = null, StoreValue? also = null)
    {
        var view = Calm.View.With(new StoreEntry(key, value, 9));
        return Calm with { View = other is null ? view : view.With(new StoreEntry(other, also, 9)) };
    }

    private static GroupSpec Spec(int gib) =>
        new("uuid", "<domain/>", gib * 1024, DesiredState.Running, "test", false, GuestShutdownPolicy.StayDown, false, null);

    /// <summary>Three hosts of 8 GiB that are online, and guests that run.</summary>
    private static ClusterView View(params (string Name, int Gib, HostSession Owner)[] guests)
    {
        var view = ClusterView.Empty
            .With(new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("c", "id", 1, TimingProfile.Balanced, true, ""), 1));
        for (var i = 1; i <= 3; i++)
        {
            var (host, session) = (new HostId($"n{i}"), new SessionId((ulong)i));
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i, ["a"], 7780, [], false), 1))
                .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
                .With(new StoreEntry(new StoreKey.Load(host), new HostLoad(session, 8192, 0, 0, true), 1));
        }

        foreach (var (name, gib, owner) in guests)
        {
            var own = new OwnershipRecord(new Epoch(1), new OwnershipPhase.Claimed(owner), "test", []);
            view = view
                .With(new StoreEntry(new StoreKey.Group(new GroupId(name)), Spec(gib), 1))
                .With(new StoreEntry(new StoreKey.Ownership(new GroupId(name)), own, 1));
        }

        return view;
    }
}
