using Mainstay.Core.Facts;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Node;

/// <summary>What all duties of one agent share: who it is, what it sees, and where effects are collected.</summary>
internal sealed class NodeState(HostId self, BootId boot, ulong seed, StoreMark? mark, ProtocolGuards guards)
{
    private static readonly TimeSpan WriteFaultCounts = TimeSpan.FromSeconds(30);

    private readonly List<NodeEffect> effects = [];
    private (Instant At, string Why)? writeFault;
    private (object? From, HostSession? By, bool ForShutdown) owned;
    private (object? From, SessionId? Of, HostSession? Is) me;
    private (object? From, long Incarnation, bool Any) suspended;
    private (TimeSpan TimeOfDay, Instant At)? clock;

    public HostId Self { get; } = self;

    public BootId Boot { get; } = boot;

    /// <summary>What the firmware calls this machine; null when it says nothing usable.</summary>
    public string? Hardware { get; set; }

    public SeededRandom Random { get; } = new(seed);

    /// <summary>All on, but in tests of the checkers.</summary>
    public ProtocolGuards Guards { get; } = guards;

    public Instant Now { get; private set; }

    public Instant NextWake => Instant.Min(NextDecision, NextAudit);

    /// <summary>When something is to be decided at the latest, though nothing happens.</summary>
    public Instant NextDecision { get; private set; } = Instant.Never;

    /// <summary>When the next look at what runs here is due.</summary>
    public Instant NextAudit { get; private set; } = Instant.Never;

    /// <summary>Something is decided by the clock at every input: no input is without news.</summary>
    public bool IsWatchingTheClock { get; private set; }

    public ClusterView View { get; set; } = ClusterView.Empty;

    /// <summary>This host's session once it has joined, until the cluster has ended it for good; null otherwise.</summary>
    public SessionId? Session { get; set; }

    /// <summary>
    /// The session that this boot had before the agent was restarted, and the incarnation in which that was known: a restored store may not
    /// know it.
    /// </summary>
    public (SessionId Session, long Incarnation)? Remembered { get; set; } =
        mark is { Session: { } before } && mark.Boot == boot ? (before, mark.Incarnation) : null;

    /// <summary>What this host remembers of the store; null until it has seen it.</summary>
    public StoreMark? Mark { get; set; } = mark;

    /// <summary>Why the store is not believed: it was put back in time and nobody has answered to that yet. Null when it is.</summary>
    public string? StoreDoubt { get; set; }

    /// <summary>Null as soon as the store's record of this session is gone: a guard on its absence would hold (S3).</summary>
    public HostSession? Me
    {
        get
        {
            if (!ReferenceEquals(me.From, View) || me.Of != Session)
            {
                var confirmed = Session is { } session && View.Sessions.GetValueOrDefault(Self)?.Value is { } record
                    && record.Session == session && View.IsConfirmed(record);
                me = (View, Session, confirmed ? new HostSession(Self, Session ?? default) : null);
            }

            return me.Is;
        }
    }

    /// <summary>Some group is suspended (<see cref="ClusterView.IsSuspended"/>).</summary>
    public bool AnySuspended
    {
        get
        {
            if (!ReferenceEquals(suspended.From, View.Ownerships) || suspended.Incarnation != View.Incarnation)
                suspended = (View.Ownerships, View.Incarnation, View.Ownerships.Keys.Any(View.IsSuspended));
            return suspended.Any;
        }
    }

    /// <summary>
    /// Everything up to this revision was seen through the watch. Own writes may be newer in the view, others' writes are not.
    /// </summary>
    public long WatchedRevision { get; set; }

    /// <summary>The session is online as far as this agent knows: only then does it take or start anything.</summary>
    public bool IsMember => Me is { } me && View.IsOnline(me);

    /// <summary>This host is about to leave in order; null while it stays.</summary>
    public LeavePolicy? Leaving => Me is null ? null : View.Sessions[Self].Value.Leaving;

    public bool StoreReachable { get; set; } = true;

    /// <summary>The local time of this host, from when it was last told; null when it was not. Nothing safe depends on it.</summary>
    public TimeSpan? TimeOfDay => clock is { } told ? told.TimeOfDay + (Now - told.At) : null;

    /// <summary>
    /// Why the last transaction had no sure outcome; null once one was applied or refused by its guards, and when that is long ago, as on a
    /// witness that has nothing to write.
    /// </summary>
    public string? WriteFault
    {
        get => writeFault is { } fault && Now - fault.At < WriteFaultCounts ? fault.Why : null;
        set => writeFault = value is null ? null : (Now, value);
    }

    public bool BeaconConnected { get; set; }

    /// <summary>Who is heard and who is silent.</summary>
    public Hearing Hearing { get; set; } = Hearing.Deaf;

    public bool IsLeader => IsMember && View.Leader?.Value.Holder == Me;

    /// <summary>
    /// A leader that has seen all its predecessor wrote: only then does it place guests, or two of them could fill one host twice (S6).
    /// </summary>
    public bool IsLeaderInTheKnow => IsLeader && (WatchedRevision >= View.Leader?.ModRevision || !Guards.KnowsPredecessorsWrites);

    /// <summary>This host owns a guest that is shut down in order when the host is isolated.</summary>
    public bool OwnsForShutdown
    {
        get
        {
            if (!ReferenceEquals(owned.From, View.Ownerships) || owned.By != Me)
            {
                var any = Me is { } me && View.Ownerships.Values.Any(
                    own => own.Value.OnIsolation == IsolationPolicy.Shutdown && OwnershipRules.IsOwner(own.Value, me));
                owned = (View.Ownerships, Me, any);
            }

            return owned.ForShutdown;
        }
    }

    public Timing Timing => View.Timing;

    /// <summary>Revision guard of a key as this view knows it.</summary>
    public Guard GuardOf(StoreKey key) => new(key, View.RevisionOf(key));

    public void Learn(TimeSpan? timeOfDay) => clock = timeOfDay is { } told ? (told, Now) : clock;

    public void Begin(Instant now)
    {
        Pass(now);
        (NextDecision, NextAudit, IsWatchingTheClock) = (Instant.Never, Instant.Never, false);
    }

    /// <summary>Time passes and nothing else.</summary>
    public void Pass(Instant now)
    {
        if (now < Now)
            throw new InvalidOperationException($"Time went back from {Now} to {now}.");
        Now = now;
        effects.Clear();
    }

    public void Emit(NodeEffect effect) => effects.Add(effect);

    public void Report(Fact fact) => effects.Add(new NodeEffect.Report(fact));

    public void WakeAt(Instant at) => NextDecision = Instant.Min(NextDecision, at);

    /// <summary>Like <see cref="WakeAt"/>, for a look at what runs here: nothing but the look is due then.</summary>
    public void AuditAt(Instant at) => NextAudit = Instant.Min(NextAudit, at);

    /// <summary>The look that was due is under way.</summary>
    public void Audits() => NextAudit = Instant.Never;

    /// <summary>Like <see cref="WakeAt"/>, for what may be decided earlier as time passes.</summary>
    public void LookAgainAt(Instant at)
    {
        WakeAt(at);
        IsWatchingTheClock = true;
    }

    public void Apply(StoreEntry entry) => View = View.With(entry);

    /// <summary>
    /// Takes over what a linearizable read brought; false when it brought nothing known, what cannot be read, or what is older than what is
    /// known already: then the store was put back in time, and it confirms nothing (S3).
    /// </summary>
    public bool TakeOver(NodeInput read)
    {
        if (read is not NodeInput.StoreWasRead { Entries: Observed<ValueList<StoreEntry>>.Known known })
            return false;
        var isOlder = known.Value.Any(entry => entry.ModRevision < View.RevisionOf(entry.Key));
        foreach (var entry in known.Value)
            Apply(entry);
        return known.Value.All(entry => entry.Value is not ForeignValue) && !(isOlder && Guards.DoubtsOlderReadings);
    }

    public ValueList<NodeEffect> TakeEffects() => effects.ToValueList();
}
