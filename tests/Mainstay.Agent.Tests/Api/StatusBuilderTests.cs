using Mainstay.Agent.Api;
using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Engine.Shell;
using Mainstay.Store.Etcd;

namespace Mainstay.Agent.Tests.Api;

/// <summary>The status says what is stored, what is heard and what the agents answered, and never more.</summary>
public sealed class StatusBuilderTests
{
    private static readonly Instant Now = Instant.Origin + TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly GroupId Web = new("web");

    private ClusterView view = View();
    private Dictionary<HostId, PeerAnswer<LocalReply>> answers = Answers();
    private BeaconReport heard = new(TimeSpan.Zero, []);
    private StoreMembership store = StoreMembership.Unknown;
    private bool reachable = true;

    [Fact]
    public void A_calm_cluster_has_no_warnings()
    {
        var status = Build();
        Assert.Empty(status.Warnings);
        Assert.Equal(("test", "n1", "n2", true, true), (
            status.Cluster.Name, status.Cluster.AnsweredBy, status.Cluster.Leader, status.Cluster.Armed, status.Cluster.Quorum));
        Assert.All(status.Hosts, host => Assert.Equal(("online", null, "answers", true), (
            host.State, host.Why, host.Agent, host.Fencing.Ready)));
        Assert.Equal((8192L, 2048L, 1), (status.Hosts[0].MemoryMiB, status.Hosts[0].UsedMiB, status.Hosts[0].Guests));
        var guest = Assert.Single(status.Guests);
        Assert.Equal(("running", "n1", 3L, StandingKind.Protected), (guest.State, guest.Host, guest.Epoch, guest.Standing));
    }

    [Fact]
    public void Secrets_of_fence_methods_are_not_shown() => Assert.Equal(
        ("10.0.0.1", "(secret)"),
        (Build().Hosts[0].Fencing.Methods[0].Options["ip"], Build().Hosts[0].Fencing.Methods[0].Options["password"]));

    [Theory]
    [InlineData(SessionState.Fencing, "fencing", "silent for 2 s; no proof of its death yet")]
    [InlineData(SessionState.Fenced, "fenced", "silent for 2 s")]
    [InlineData(SessionState.Left, "left", "it left in order")]
    public void A_session_that_ended_says_how(SessionState session, string state, string why)
    {
        Put(new StoreKey.Session(new HostId("n3")), new SessionRecord(new SessionId(3), new BootId("b"), session));
        Put(new StoreKey.Fence(new HostSession(new HostId("n3"), new SessionId(3))), new FenceRecord("silent for 2 s", []));
        Assert.Equal((state, why), (Build().Hosts[2].State, Build().Hosts[2].Why));
    }

    [Fact]
    public void A_proof_is_the_reason_of_a_fenced_host()
    {
        Put(new StoreKey.Session(new HostId("n3")), new SessionRecord(new SessionId(3), new BootId("b"), SessionState.Fenced));
        var proof = new FenceRecord("silent", [new Proof.Power("read as off")]);
        Put(new StoreKey.Fence(new HostSession(new HostId("n3"), new SessionId(3))), proof);
        Assert.Equal("power: read as off", Build().Hosts[2].Why);
    }

    [Fact]
    public void A_host_without_a_session_is_joining_and_one_that_is_not_heard_is_suspect()
    {
        Put(new StoreKey.Session(new HostId("n3")), null);
        Silent("n2", TimeSpan.FromSeconds(0.4));
        var hosts = Build().Hosts;
        Assert.Equal(("suspect", "joining"), (hosts[1].State, hosts[2].State));
        Assert.Equal("no beacon of it for 0.4 s", hosts[1].Why);
        Assert.Equal(400, hosts[1].BeaconSilenceMs);
        Assert.Null(hosts[0].BeaconSilenceMs);
    }

    [Fact]
    public void Agents_that_do_not_answer_are_told_apart_and_their_guests_are_unknown()
    {
        answers[new HostId("n1")] = new PeerAnswer<LocalReply>.Silent("no answer within 2 s");
        answers[new HostId("n2")] = new PeerAnswer<LocalReply>.NotRunning();
        answers.Remove(new HostId("n3"));
        var status = Build();
        Assert.Equal(["silent", "refused", "unknown"], status.Hosts.Select(h => h.Agent));
        Assert.Equal("unknown", status.Guests[0].State);
        Assert.Contains("the agent of n1 does not answer", status.Warnings);
        Assert.Contains("the agent of n2 is not running", status.Warnings);
    }

    [Fact]
    public void A_failed_or_missing_fence_test_is_a_risk_and_the_newest_test_counts()
    {
        Test("n1", ok: false, At.AddSeconds(1), by: "n2");
        var host = Build().Hosts[0];
        Assert.Contains("the last test of fence method bmc failed: login refused", host.Fencing.Why, StringComparison.Ordinal);
        Assert.Equal(StandingKind.AtRisk, Build().Guests[0].Standing);
        Test("n1", ok: true, At.AddSeconds(2), by: "n3");
        Assert.True(Build().Hosts[0].Fencing.Ready);
        Put(new StoreKey.Host(new HostId("n1")), new HostConfig(1, ["10.0.0.1"], 7780, [], false));
        Assert.Contains("no fence method; set one with mainstay fence set n1", Build().Hosts[0].Fencing.Why, StringComparison.Ordinal);
        Assert.Contains(Build().Warnings, w => w.StartsWith("n1 is at risk", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_quorum_disarmed_and_without_libvirt_there_are_warnings()
    {
        reachable = false;
        Put(new StoreKey.Cluster(), new ClusterSettings("test", "id", 1, TimingProfile.Conservative, false, "switch work"));
        answers[new HostId("n2")] = Answer("n2", hypervisor: false);
        var status = Build();
        Assert.Equal((false, "gone", "switch work", "conservative"), (
            status.Cluster.Quorum, status.Cluster.QuorumWhy, status.Cluster.DisarmReason, status.Cluster.Profile));
        Assert.Equal(
            [
                "the store has no quorum here: gone; guests run on, but nothing is fenced, started elsewhere or changed until it is back, "
                    + "and what is said here may be old",
                "the cluster is disarmed: switch work",
                "libvirt on n2 does not answer",
            ],
            status.Warnings);
    }

    [Fact]
    public void A_silent_witness_is_no_fenced_host_but_its_missing_vote_is_a_risk()
    {
        Put(new StoreKey.Host(new HostId("n3")), new HostConfig(3, ["10.0.0.3"], 7780, [], false) { Witness = true });
        store = new StoreMembership([Voter("n1"), Voter("n2"), Voter("n3")]);
        Assert.Empty(Build().Warnings);
        Assert.Equal(StandingKind.Protected, Build().Guests[0].Standing);
        Silent("n3", TimeSpan.FromSeconds(2));
        var status = Build();
        Assert.True(status.Hosts[2] is { Witness: true, State: "suspect", HypervisorOk: null, Fencing.Ready: true });
        Assert.Contains("a witness is not fenced", status.Hosts[2].Why, StringComparison.Ordinal);
        Assert.Contains("lacks 1 of its 3 voters (n3)", Assert.Single(status.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            (StandingKind.AtRisk, "without n1 the store would have no quorum: 1 of 3 voters would be left (n3 is not there)"),
            (status.Guests[0].Standing, status.Guests[0].Because));
    }

    [Fact]
    public void The_only_vote_is_a_risk_for_the_guests_of_its_host()
    {
        store = new StoreMembership([Voter("n1")]);
        Assert.Contains("the store's only voter is on n1", Build().Guests[0].Because, StringComparison.Ordinal);
        store = new StoreMembership([Voter("n2")]);
        Assert.Equal(StandingKind.Protected, Build().Guests[0].Standing);
    }

    [Theory]
    [InlineData("stamped", StandingKind.Protected, null)]
    [InlineData("unknown", StandingKind.Protected, null)]
    [InlineData("missing", StandingKind.NotProtected, "its disk /srv/web.img is on storage of n1 only")]
    public void A_guest_whose_disk_no_other_host_has_is_not_protected(string sight, StandingKind kind, string? because)
    {
        var own = view.Ownerships[Web].Value with { HasRun = true };
        Put(new StoreKey.Ownership(Web), own);
        foreach (var (host, seen) in ((string, string)[])[("n1", "stamped"), ("n2", sight), ("n3", "missing")])
            answers[new HostId(host)] = new PeerAnswer<LocalReply>.Answered(
                ((PeerAnswer<LocalReply>.Answered)answers[new HostId(host)]).Value with { Storage = Seen(seen) });
        var guest = Assert.Single(Build().Guests);
        Assert.Equal((kind, because), (guest.Standing, guest.Because));
        Assert.Equal(kind == StandingKind.NotProtected ? 1 : 0, Build().Cluster.CheckRefused);
    }

    private static HostStorageReading Seen(string sight) => new()
    {
        Places = [new StoragePlace { Place = "/srv", FileSystem = "ext4", Sight = sight }],
        Disks = [new StorageDisk { Guest = "web", Disk = "/srv/web.img", Kind = "file", Place = "/srv" }],
        Mounts = [],
    };

    [Theory]
    [InlineData("running", DesiredState.Running, "running")]
    [InlineData("stopped", DesiredState.Running, "starting")]
    [InlineData("running", DesiredState.Stopped, "stopping")]
    [InlineData("stopped", DesiredState.Stopped, "stopped")]
    public void What_the_owner_runs_and_what_is_wanted_make_the_state(string runs, DesiredState wanted, string state)
    {
        Put(new StoreKey.Group(Web), Spec() with { Desired = wanted });
        answers[new HostId("n1")] = Answer("n1", runs: runs);
        Assert.Equal(state, Build().Guests[0].State);
    }

    private static GroupSpec Spec() => new(
        "uuid", "<domain/>", 2048, DesiredState.Running, "protect", false, GuestShutdownPolicy.StayDown, false, null);

    private static ClusterView View()
    {
        var view = ClusterView.Empty.Reload([], 0)
            .With(new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("test", "id", 1, TimingProfile.Balanced, true, ""), 1));
        var method = new FenceMethod("bmc", "fence_ipmilan", [new("ip", "10.0.0.1", false), new("password", "x", true)]);
        for (var i = 1; i <= 3; i++)
        {
            var (host, session) = (new HostId($"n{i}"), new SessionId((ulong)i));
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i, [$"10.0.0.{i}"], 7780, [method], false), 1))
                .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
                .With(new StoreEntry(new StoreKey.Load(host), new HostLoad(session, 8192, 0, 7, true), 1));
        }

        var own = new OwnershipRecord(
            new Epoch(3), new OwnershipPhase.Claimed(new HostSession(new HostId("n1"), new SessionId(1))), "protect", []);
        return view
            .With(new StoreEntry(new StoreKey.Leader(), new LeaderRecord(new HostSession(new HostId("n2"), new SessionId(2))), 1))
            .With(new StoreEntry(new StoreKey.Group(Web), Spec(), 1))
            .With(new StoreEntry(new StoreKey.Ownership(Web), own, 1));
    }

    private static Dictionary<HostId, PeerAnswer<LocalReply>> Answers() =>
        new() { [new("n1")] = Answer("n1", runs: "running"), [new("n2")] = Answer("n2"), [new("n3")] = Answer("n3") };

    private static PeerAnswer<LocalReply> Answer(string host, bool hypervisor = true, string? runs = null) =>
        new PeerAnswer<LocalReply>.Answered(new LocalReply
        {
            Host = host,
            Version = "1",
            HypervisorOk = hypervisor,
            Guests = runs is null ? [] : [new LocalGuest { Name = "web", Uuid = "uuid", State = runs }],
            FenceTests = host == "n2" ? [.. ((string[])["n1", "n2", "n3"]).Select(h => TestOf(h, true, At, "n2"))] : [],
        });

    private static LocalFenceTest TestOf(string host, bool ok, DateTimeOffset at, string by) => new()
    {
        Host = host,
        Result = new FenceTestResult
        {
            Method = "bmc", Agent = "fence_ipmilan", Ok = ok, Text = ok ? "read" : "login refused", Seconds = 0.1, At = at, By = by,
        },
    };

    private void Test(string host, bool ok, DateTimeOffset at, string by)
    {
        var known = ((PeerAnswer<LocalReply>.Answered)answers[new HostId(by)]).Value;
        answers[new HostId(by)] = new PeerAnswer<LocalReply>.Answered(
            known with { FenceTests = [.. known.FenceTests, TestOf(host, ok, at, by)] });
    }

    private static EtcdMemberInfo Voter(string name) => new(1, name, [], [], IsLearner: false);

    private void Put(StoreKey key, StoreValue? value) => view = view.With(new StoreEntry(key, value, view.RevisionOf(key) + 10));

    private void Silent(string host, TimeSpan silence) => heard = new BeaconReport(
        TimeSpan.Zero, [new PeerSight(new HostId(host), new SessionId(2), silence, false, true, [])]);

    private StatusReply Build()
    {
        var sight = new ShellSight
        {
            View = view,
            Hearing = new Hearing(heard, Now),
            BeaconConnected = true,
            StoreReachable = reachable,
            StoreWhy = "gone",
        };
        return new StatusBuilder(new HostId("n1"), sight, Now, store, answers).Build("test", "id", "1.2.3");
    }
}
