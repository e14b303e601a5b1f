using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Tests.Ordering;

/// <summary>When the gate of a dependency is open, by what the store says.</summary>
public sealed class StartOrderTests
{
    private static readonly GroupId Db = new("db");
    private static readonly HostSession Owner = new(new HostId("n1"), new SessionId(1));

    [Theory]
    [InlineData(StartGate.Started, false, false, 0, "db has not started yet on n1")]
    [InlineData(StartGate.Started, true, false, 0, null)]
    [InlineData(StartGate.Agent, true, false, 0, "the agent in db has not answered yet")]
    [InlineData(StartGate.Agent, true, true, 0, null)]
    [InlineData(StartGate.Delay, true, true, 29, "db has not run for 30s yet")]
    [InlineData(StartGate.Delay, true, false, 30, null)]
    [InlineData(StartGate.Probe, true, true, 30, "nothing probes the application of db")]
    public void A_gate_opens_by_what_the_owner_wrote(StartGate gate, bool hasRun, bool answered, int seconds, string? why) =>
        Assert.Equal(why, Waits(
            new OwnershipPhase.Claimed(Owner), gate, own => own with
            {
                HasRun = hasRun, AgentAnswered = answered, RanFor = TimeSpan.FromSeconds(seconds),
            }));

    [Fact]
    public void What_is_on_its_way_is_waited_for()
    {
        Assert.Equal("db is being started on n2", Waits(new OwnershipPhase.Assigned(new HostId("n2"))));
        Assert.Equal("db is being stopped on n1", Waits(new OwnershipPhase.Releasing(Owner, null)));
        Assert.Equal("db waits for a place", Waits(new OwnershipPhase.Free()));
        Assert.Equal("db is blocked", Waits(new OwnershipPhase.Blocked("two owners")));
        Assert.Equal("db waits for the return of n3", Waits(
            new OwnershipPhase.Free(), change: own => own with { KeptFor = new HostId("n3") }));
    }

    [Fact]
    public void A_record_that_says_it_runs_is_not_the_truth_when_its_host_is_gone()
    {
        var lost = new OwnershipPhase.Claimed(Owner with { Session = new SessionId(9) });
        Assert.Equal("db was lost with n1", Waits(lost, change: own => own with { HasRun = true }));
        Assert.Equal("db is on n1, which is silent", Waits(
            new OwnershipPhase.Claimed(Owner), change: own => own with { HasRun = true }, isSilent: true));
    }

    [Fact]
    public void Nobody_waits_for_what_is_not_to_run()
    {
        var view = View(new OwnershipPhase.Free(), own => own, DesiredState.Stopped);
        Assert.Null(StartOrder.Waits(view, Groups.After("db"), _ => false));
        Assert.Contains("is to be stopped (test)", StartOrder.WhyNot(view, Groups.After("db"), _ => false), StringComparison.Ordinal);
        Assert.Null(StartOrder.Waits(view, Groups.After("gone"), _ => false));
        Assert.Contains("is not protected", StartOrder.WhyNot(view, Groups.After("gone"), _ => false), StringComparison.Ordinal);
    }

    private static string? Waits(
        OwnershipPhase phase,
        StartGate gate = StartGate.Started,
        Func<OwnershipRecord, OwnershipRecord>? change = null,
        bool isSilent = false) =>
        StartOrder.Waits(View(phase, change ?? (own => own), DesiredState.Running), Groups.After("db", gate), _ => isSilent);

    private static ClusterView View(OwnershipPhase phase, Func<OwnershipRecord, OwnershipRecord> change, DesiredState desired) =>
        ClusterView.Empty
            .With(new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("c", "id", 1, TimingProfile.Balanced, true, ""), 1))
            .With(new StoreEntry(
                new StoreKey.Session(Owner.Host), new SessionRecord(Owner.Session, new BootId("b"), SessionState.Online), 1))
            .With(new StoreEntry(new StoreKey.Group(Db), Groups.Spec(2) with { Desired = desired }, 1))
            .With(new StoreEntry(new StoreKey.Ownership(Db), change(new OwnershipRecord(new Epoch(2), phase, "test", [])), 1));
}
