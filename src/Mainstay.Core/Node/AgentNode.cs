using System.Collections.Immutable;
using Mainstay.Core.Capacity;
using Mainstay.Core.Facts;
using Mainstay.Core.Fencing;
using Mainstay.Core.Groups;
using Mainstay.Core.Health;
using Mainstay.Core.Leadership;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Recovery;
using Mainstay.Core.Restoration;
using Mainstay.Core.Times;

namespace Mainstay.Core.Node;

/// <summary>
/// The whole agent as one synchronous state machine: no clock, no I/O, no threads. The daemon and the simulator run this same class.
/// An input first changes what is known; then every duty looks at the whole and decides, level-triggered.
/// </summary>
public sealed class AgentNode
{
    private readonly NodeState state;
    private readonly OperationLedger ledger;
    private readonly StartQueue starts;
    private readonly LocalGuests guests;
    private readonly HostClearance clearance;
    private readonly ArrivalDuties arrivals;
    private readonly SessionKeeper session;
    private readonly ForeignDuties foreign;
    private readonly RestoreDuties restore;
    private readonly Reconciliation reconciliation;
    private readonly SpentDuties cutOffs;
    private readonly LeaveDuties leave;
    private readonly BeaconFeed beacon;
    private readonly LeaseDuties lease;
    private readonly KeeperDuties keepers;
    private readonly LeaderElection election;
    private readonly FencingDuties fencing;
    private readonly LeaveLog leaves;
    private readonly TimesBook times;
    private readonly AssignmentDuties assignment;
    private readonly AdminDuties admin;
    private readonly SightingDuties sightings;
    private readonly DiagnosisDuties diagnosis;
    private readonly QuarantineDuties quarantine;
    private readonly CapacityDuties capacity;
    private readonly LoadPublisher load;
    private readonly OfferPublisher offer;
    private readonly NeedsDuties needs;
    private readonly FailbackDuties failback;
    private readonly IdleWatch idle;

    /// <param name="self">This host.</param>
    /// <param name="boot">This boot of its kernel.</param>
    /// <param name="seed">Source of session numbers; random in production, from the scenario in the simulator.</param>
    /// <param name="mark">What this host's disk says it has seen of the store; null when it says nothing.</param>
    public AgentNode(HostId self, BootId boot, ulong seed, StoreMark? mark)
        : this(self, boot, seed, mark, ProtocolGuards.All)
    {
    }

    internal AgentNode(HostId self, BootId boot, ulong seed, StoreMark? mark, ProtocolGuards guards)
    {
        state = new NodeState(self, boot, seed, mark, guards);
        ledger = new OperationLedger(state);
        var stamps = new StampActs(state, ledger);
        starts = new StartQueue(state);
        times = new TimesBook(state);
        guests = new LocalGuests(state, ledger, stamps, new OwnTimes(state, ledger, times), starts);
        clearance = new HostClearance(state, ledger, guests);
        arrivals = new ArrivalDuties(state, ledger);
        session = new SessionKeeper(state, ledger, clearance, arrivals);
        foreign = new ForeignDuties(state, ledger);
        restore = new RestoreDuties(state, ledger);
        reconciliation = new Reconciliation(state, ledger, guests, stamps);
        cutOffs = new SpentDuties(state, ledger);
        leave = new LeaveDuties(state, ledger, clearance);
        lease = new LeaseDuties(state, ledger);
        beacon = new BeaconFeed(state, lease);
        keepers = new KeeperDuties(state, ledger);
        election = new LeaderElection(state, ledger);
        fencing = new FencingDuties(state, ledger);
        leaves = new LeaveLog(state);
        assignment = new AssignmentDuties(state, ledger, new LossJudge(state, leaves), times, starts);
        load = new LoadPublisher(state, ledger, guests);
        offer = new OfferPublisher(state, ledger);
        needs = new NeedsDuties(state, ledger);
        failback = new FailbackDuties(state, ledger);
        admin = new AdminDuties(state, ledger, guests, stamps, load);
        sightings = new SightingDuties(state, ledger, beacon, guests);
        diagnosis = new DiagnosisDuties(state);
        quarantine = new QuarantineDuties(state, ledger, leaves);
        capacity = new CapacityDuties(state);
        idle = new IdleWatch(state, ledger, guests, load, offer);
    }

    /// <summary>When the node wants a <see cref="NodeInput.Tick"/> if nothing else happens before.</summary>
    public Instant NextWake => state.NextWake;

    /// <summary>The cluster as this agent knows it. Immutable: may be read from anywhere.</summary>
    public ClusterView View => state.View;

    /// <summary>Who is heard. Immutable: may be read from anywhere.</summary>
    public Hearing Hearing => state.Hearing;

    /// <summary>What starts on this host wait for. Immutable: may be read from anywhere.</summary>
    public ImmutableSortedDictionary<GroupId, string> WaitingStarts => starts.Waiting;

    /// <summary>This host's session, null while it is not a member.</summary>
    public SessionId? Session => state.Session;

    /// <summary>Nothing is left to do about what is known: input without news leads to nothing before <see cref="NextWake"/>.</summary>
    public bool IsSettled => idle.IsSettled;

    /// <summary>Every input is decided upon, also one that brings no news: the simulator shows that it makes no difference.</summary>
    internal bool DecidesAlways { get; init; }

    /// <summary>What the firmware calls this machine, to tell a clone of it; null when it says nothing usable.</summary>
    public string? Hardware
    {
        get => state.Hardware;
        init => state.Hardware = value;
    }

    public bool StoreReachable => state.StoreReachable;

    public bool BeaconConnected => state.BeaconConnected;

    /// <summary>Why the store, though it answers, does not take what this agent writes; null when it does.</summary>
    public string? WriteFault => state.WriteFault;

    /// <summary>Takes one input at a time, at a time that never goes back, and returns what is to be done, in order.</summary>
    public ValueList<NodeEffect> Handle(NodeInput input, Instant now)
    {
        if (!DecidesAlways && idle.TakesOver(input, now))
            return state.TakeEffects();
        state.Begin(now);
        Learn(input);
        leaves.Note();
        times.Note();
        ledger.Run();
        if (!foreign.Run())
        {
            restore.Run();
            if (state.StoreDoubt is null)
                RunDuties();
        }

        var effects = state.TakeEffects();
        idle.Decided(nothing: effects.IsEmpty);
        return effects;
    }

    private void RunDuties()
    {
        session.Run();
        arrivals.Run();
        lease.Run();
        beacon.Run();
        keepers.Run();
        election.Run();
        fencing.Run();
        diagnosis.Run();
        quarantine.Run();
        assignment.Run();
        capacity.Run();
        failback.Run();
        guests.Run();
        admin.Run();
        sightings.Run();
        reconciliation.Run();
        cutOffs.Run();
        if (state.Session is not null && state.Leaving is null)
            clearance.Reset();
        leave.Run();
        load.Run();
        offer.Run();
        needs.Run();
    }

    private void Learn(NodeInput input)
    {
        switch (input)
        {
            case NodeInput.Tick:
                break;
            case NodeInput.StoreLoaded loaded:
                restore.OnLoaded(loaded);
                times.Missed();
                break;
            case NodeInput.StoreChanged changed:
                foreach (var entry in changed.Entries)
                    state.Apply(entry);
                state.WatchedRevision = Math.Max(state.WatchedRevision, changed.Revision);
                break;
            case NodeInput.StoreReachable reachable:
                OnReachable(reachable);
                break;
            case NodeInput.BeaconReported reported:
                state.Hearing = new Hearing(reported.Report, state.Now);
                break;
            case NodeInput.BeaconConnected connected:
                state.BeaconConnected = connected.Connected;
                beacon.Forget();
                break;
            case NodeInput.GuestChanged changed:
                guests.OnGuestChanged(changed.Guest);
                break;
            case NodeInput.LoadMeasured m:
                load.OnMeasured(m);
                state.Learn(m.TimeOfDay);
                break;
            case NodeInput.OfferSeen o:
                offer.OnSeen(o);
                break;
            case NodeInput.Requested requested:
                admin.Handle(requested.Operation, requested.Request);
                break;
            case NodeInput.StorePersisted or NodeInput.StoreWasRead or NodeInput.TokenArmed or NodeInput.TokenRevoked
                or NodeInput.GuestsListed or NodeInput.StampsRead
                or NodeInput.ConsentAnswered or NodeInput.GuestActed or NodeInput.DefinitionRead
                or NodeInput.PowerRead or NodeInput.PowerSwitched
                or NodeInput.StorageRevoked or NodeInput.StorageRestored:
                ledger.Complete(OperationOf(input), input);
                break;
        }
    }

    private static OperationId OperationOf(NodeInput input) => input switch
    {
        NodeInput.StorePersisted i => i.Operation,
        NodeInput.StoreWasRead i => i.Operation,
        NodeInput.TokenArmed i => i.Operation,
        NodeInput.TokenRevoked i => i.Operation,
        NodeInput.ConsentAnswered i => i.Operation,
        NodeInput.GuestsListed i => i.Operation,
        NodeInput.StampsRead i => i.Operation,
        NodeInput.GuestActed i => i.Operation,
        NodeInput.DefinitionRead i => i.Operation,
        NodeInput.PowerRead i => i.Operation,
        NodeInput.PowerSwitched i => i.Operation,
        NodeInput.StorageRevoked i => i.Operation,
        NodeInput.StorageRestored i => i.Operation,
        NodeInput.Requested i => i.Operation,
        NodeInput.Tick or NodeInput.StoreLoaded or NodeInput.StoreChanged or NodeInput.StoreReachable or NodeInput.BeaconReported
            or NodeInput.BeaconConnected or NodeInput.GuestChanged or NodeInput.LoadMeasured or NodeInput.OfferSeen => default,
    };

    private void OnReachable(NodeInput.StoreReachable reachable)
    {
        if (reachable.Reachable == state.StoreReachable)
            return;
        state.StoreReachable = reachable.Reachable;
        state.Report(reachable.Reachable ? new Fact.StoreRegained(state.Self) : new Fact.StoreLost(state.Self, reachable.Why));
    }
}
