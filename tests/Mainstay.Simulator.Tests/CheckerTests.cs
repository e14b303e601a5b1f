using Mainstay.Core.Facts;
using Mainstay.Core.Membership;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Times;
using Mainstay.Simulator.World;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>Every checker fires when the world shows it what it is for. The agents here do nothing; the tests act in their place.</summary>
public sealed class CheckerTests : IDisposable
{
    private static readonly HostSession One = new(new HostId("n1"), new SessionId(1));
    private static readonly HostSession Two = new(new HostId("n2"), new SessionId(2));
    private static readonly GroupId Web = new("web");

    private readonly VirtualWorld world;
    private readonly List<StoreOutcome> outcomes = [];

    public CheckerTests()
    {
        var hosts = Enumerable.Range(1, 5).Select(i => new HostStart(new HostId($"n{i}"), 2048, true, null)).ToValueList();
        var guest = new GuestStart(Web, 1024, new HostId("n1"), true, true, false, default);
        var big = guest with { Id = new GroupId("big"), MemoryMiB = 1536 };
        var start = new StartState(hosts, [guest, big], TimingProfile.Balanced, 1, false, TimeSpan.Zero);
        world = new VirtualWorld(start, _ => new Idle(), LeaseGuards.All);
        foreach (var host in world.Hosts)
            host.PowerOn(TimeSpan.Zero);
        world.RunFor(TimeSpan.FromSeconds(10));
        Put(0, new StoreKey.Cluster(), new ClusterSettings("lab", "x", 1, TimingProfile.Balanced, true, ""));
        foreach (var host in world.Hosts)
        {
            host.Beacon.SetUp(new BeaconSetup(host.Id, host.Number, new SessionId((ulong)host.Number), [], [], []));
            Put(0, new StoreKey.Session(host.Id), new SessionRecord(new SessionId((ulong)host.Number), host.Boot, SessionState.Online));
        }

        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Empty(world.Checks.Found);
        world.BeginScenario();
    }

    public void Dispose() => world.Dispose();

    [Fact]
    public void S1_two_executions()
    {
        Put(0, new StoreKey.Group(Web), Spec());
        Begin(0);
        Begin(1);
        Found("S1", "n1", "n2");
    }

    [Fact]
    public void S2_ownership_taken_without_proof()
    {
        Own(0, 1, new OwnershipPhase.Claimed(One));
        Own(1, 2, new OwnershipPhase.Assigned(Two.Host));
        Found("S2", "without a proof");
    }

    [Fact]
    public void S2_let_go_while_it_executes()
    {
        Begin(0);
        Own(0, 1, new OwnershipPhase.Claimed(One));
        Own(0, 2, new OwnershipPhase.Free());
        Found("S2", "still executes");
    }

    [Fact]
    public void M1_a_start_that_began_before_it_was_assigned()
    {
        Own(0, 1, new OwnershipPhase.Assigned(Two.Host));
        var took = new RecoveryMeasurement(RecoveryKind.Start, new Epoch(1), Two.Host, 1)
        {
            Parts = new RecoveryParts { Start = TimeSpan.FromSeconds(30) },
        };
        world.Checks.Reported(world.Hosts[1], new Fact.RecoveryMeasured(Web, took));
        Found("M1", "its start took");
    }

    [Fact]
    public void S2_false_proof()
    {
        Put(1, new StoreKey.Fence(One), new FenceRecord("test", [new Proof.Power("no")]));
        Found("S2", "powered on in that very boot");
    }

    [Fact]
    public void S2_fenced_without_proof()
    {
        Session(1, One, SessionState.Fenced);
        Found("S2", "without a proof");
    }

    [Fact]
    public void S2_claimed_by_a_session_that_is_over()
    {
        Own(0, 1, new OwnershipPhase.Claimed(new HostSession(One.Host, new SessionId(99))));
        Found("S2", "whose session is");
    }

    [Fact]
    public void S3_no_guard()
    {
        world.Etcd.Commit(world.Hosts[0], new StoreTransaction([], [new Change.Put(new StoreKey.Ownership(Web), Free(1))]), outcomes.Add);
        world.RunFor(TimeSpan.FromSeconds(1));
        Found("S3", "guard");
    }

    [Fact]
    public void S3_epoch_lowered()
    {
        Own(0, 5, new OwnershipPhase.Free());
        Own(0, 4, new OwnershipPhase.Free());
        Found("S3", "lowers the epoch");
    }

    [Fact]
    public void S4_start_without_token()
    {
        Put(0, new StoreKey.Group(Web), Spec());
        Own(0, 1, new OwnershipPhase.Claimed(One));
        world.Checks.Executions.Approved(world.Guests[0], world.Hosts[1], null, byAgent: false);
        Found("S4", "without a token");
    }

    [Fact]
    public void S4_start_with_a_stale_token()
    {
        Put(0, new StoreKey.Group(Web), Spec());
        Own(0, 2, new OwnershipPhase.Claimed(One));
        var token = new StartToken(Web, "", new Epoch(1), One.Session, default);
        world.Checks.Executions.Approved(world.Guests[0], world.Hosts[0], token, byAgent: true);
        Found("S4", "epoch 1");
    }

    [Fact]
    public void S5_a_healthy_host_fenced()
    {
        Session(1, One, SessionState.Fencing);
        Found("S5", "nothing keeps from being heard");
    }

    [Fact]
    public void S5_too_many_at_once()
    {
        foreach (var host in world.Hosts.Skip(3))
        {
            host.Hang();
            Session(0, new HostSession(host.Id, new SessionId((ulong)host.Number)), SessionState.Fencing);
        }

        Found("S5", "2 living hosts");
    }

    [Fact]
    public void S5_disarmed()
    {
        Put(1, new StoreKey.Cluster(), new ClusterSettings("lab", "x", 1, TimingProfile.Balanced, false, "drill"));
        world.Hosts[0].Hang();
        world.RunFor(TimeSpan.FromSeconds(5));
        Session(1, One, SessionState.Fencing);
        Found("S5", "disarmed");
    }

    [Fact]
    public void S5_maintenance()
    {
        Put(1, new StoreKey.Host(One.Host), new HostConfig(1, [], 7780, [], true));
        world.Hosts[0].Hang();
        world.RunFor(TimeSpan.FromSeconds(5));
        Session(1, One, SessionState.Fencing);
        Found("S5", "maintenance");
    }

    [Fact]
    public void S5_power_cut_without_a_decision_in_the_store()
    {
        world.Checks.Fences.Ordered(world.Hosts[1], One);
        Found("S5", "does not hold to be fenced");
    }

    [Fact]
    public void S5_power_cut_without_a_store()
    {
        world.Etcd.SetOutage(true);
        world.RunFor(TimeSpan.FromSeconds(5));
        world.Checks.Fences.Ordered(world.Hosts[1], One);
        Found("S5", "has no store");
    }

    [Fact]
    public void S6_more_memory_than_there_is()
    {
        var host = world.Hosts[0];
        host.Hypervisor.Begin(host.Hypervisor.Domain(new GroupId("big")), null);
        host.Hypervisor.Begin(host.Hypervisor.Domain(Web), new StartToken(Web, "", new Epoch(1), One.Session, default));
        Found("S6", "2560 MiB of 2048 MiB");
    }

    [Fact]
    public void S6_a_guest_for_a_host_in_quarantine()
    {
        Put(0, new StoreKey.Quarantine(Two.Host), new QuarantineRecord(QuarantineCause.Person, "test"));
        world.RunFor(TimeSpan.FromSeconds(5));
        Own(0, 1, new OwnershipPhase.Assigned(Two.Host));
        Found("S6", "in quarantine");
    }

    [Fact]
    public void L1_too_many_hosts_in_quarantine()
    {
        Put(0, new StoreKey.Quarantine(One.Host), new QuarantineRecord(QuarantineCause.Disk, "test"));
        Put(0, new StoreKey.Quarantine(Two.Host), new QuarantineRecord(QuarantineCause.Disk, "test"));
        Found("L1", "into quarantine");
    }

    [Fact]
    public void L3_held_back_for_a_loss_it_was_not_present_at()
    {
        var blocked = new OwnershipRecord(new Epoch(1), new OwnershipPhase.Blocked("test"), "test", []) { Losses = [One, Two] };
        Put(0, new StoreKey.Ownership(Web), blocked);
        Found("L3", "never executed");
    }

    [Fact]
    public void S9_a_dead_process_is_no_reason_to_fence()
    {
        world.Hosts[0].Agent.Kill(TimeSpan.FromMinutes(1));
        world.RunFor(TimeSpan.FromSeconds(10));
        Session(1, One, SessionState.Fencing);
        Found("S9", "only a process is down");
    }

    [Fact]
    public void S9_an_owned_guest_is_stopped()
    {
        Put(0, new StoreKey.Group(Web), Spec());
        Own(0, 1, new OwnershipPhase.Claimed(One));
        Begin(0);
        world.Checks.AgentActs(world.Hosts[0], new NodeEffect.StopGuest(new OperationId(1), Web, "", default));
        Found("S9", "which it owns");
    }

    [Fact]
    public void L2_a_guest_that_never_rests()
    {
        for (var epoch = 1; epoch < 40; epoch += 2)
        {
            Own(0, epoch, new OwnershipPhase.Claimed(One));
            Own(0, epoch + 1, new OwnershipPhase.Free());
        }

        Found("L2", "changed its owner");
    }

    private void Found(string rule, params string[] words)
    {
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(outcomes, outcome => outcome is not StoreOutcome.Applied);
        Assert.Contains(
            world.Checks.Found, found => found.Rule == rule && words.All(word => found.What.Contains(word, StringComparison.Ordinal)));
    }

    private void Begin(int host) => world.Hosts[host].Hypervisor.Begin(world.Hosts[host].Hypervisor.Domain(Web), null);

    private void Own(int by, long epoch, OwnershipPhase phase) =>
        Put(by, new StoreKey.Ownership(Web), new OwnershipRecord(new Epoch(epoch), phase, "test", []));

    private static OwnershipRecord Free(long epoch) => new(new Epoch(epoch), new OwnershipPhase.Free(), "test", []);

    private void Session(int by, HostSession session, SessionState state) => Put(
        by, new StoreKey.Session(session.Host), new SessionRecord(session.Session, world.Host(session.Host).Boot, state));

    private GroupSpec Spec() =>
        new(world.Guests[0].Uuid, "", 1024, DesiredState.Running, "test", false, GuestShutdownPolicy.StayDown, false, null);

    private void Put(int by, StoreKey key, StoreValue value)
    {
        var guard = new Guard(key, world.Etcd.Entry(key)?.ModRevision ?? 0);
        world.Etcd.Commit(world.Hosts[by], new StoreTransaction([guard], [new Change.Put(key, value)]), outcomes.Add);
        world.RunFor(TimeSpan.FromMilliseconds(100));
    }

    private sealed class Idle : ISimulatedAgent
    {
        public Instant NextWake => Instant.Never;

        public ValueList<NodeEffect> Handle(NodeInput input, Instant now) => [];
    }
}
