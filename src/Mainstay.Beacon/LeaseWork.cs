using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>The lease in the beacon's loop: looks at it ten times a second, lays hands on guests, feeds the watchdog.</summary>
internal sealed class LeaseWork : IDisposable
{
    // Shorter than the beacon period, so that a look comes with every beacon; the loop wakes for it when there are none.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan LookAtLatest = TimeSpan.FromMilliseconds(120);

    private readonly GuardedGuests guests;
    private readonly LeaseGuardian guardian;
    private readonly Watchdog watchdog;
    private readonly TimeSpan sleptBefore = MonotonicClock.Slept;
    private Instant lastLook;
    private bool isSetUp;
    private TimeSpan? oldest;

    public LeaseWork(BeaconLease lease, StartGate gate, Action save, string watchdogSettings)
    {
        Lease = lease;
        guests = new GuardedGuests(gate, save);
        guardian = new LeaseGuardian(lease, guests);
        watchdog = new Watchdog(watchdogSettings);
        if (DescriptorStore.Take(Watchdog.StoredAs) is { } kept)
            watchdog.Adopt(kept);
    }

    public BeaconLease Lease { get; }

    /// <summary>When the loop must wake for it at the latest.</summary>
    public Instant NextDeadline => lastLook + LookAtLatest;

    /// <summary>The watchdog is not fed, so that its reset can be measured: nothing may start here.</summary>
    public bool IsMeasured => watchdog.IsMeasured;

    public TimeSpan? Unfed(Instant now) => watchdog.Unfed(now);

    public void SetUp(BeaconSetup setup)
    {
        watchdog.Load();
        Lease.SetUp(setup);
        isSetUp = true;
    }

    /// <summary>First thing at each wake-up: a host that was suspended holds no lease any more.</summary>
    public void Woke() => Lease.Woke(MonotonicClock.Slept);

    public void Look(Instant now)
    {
        if (now < lastLook + LookAgain)
            return;
        lastLook = now;
        if (!isSetUp)
            return;
        guardian.Look(now);
        if (Lease.Holder.Terms is not null && Lease.Holder.Age(now) is { } age && (oldest is null || age > oldest))
            oldest = age;
        if ((Lease.Holder.Terms is null && !watchdog.IsArmed) || !Lease.Holder.MayFeed(MonotonicClock.Now))
            return;
        watchdog.Feed(now);
        if (Lease.Holder.MustReset(MonotonicClock.Now))
            watchdog.ForceReset();
    }

    public void Report(ref WireWriter frame, BeaconTable table, LoopFigures loop, Networks networks, Instant now) => ReportFrame.Write(
        ref frame, table, Lease, watchdog.Reset, watchdog.IsArmed, guests.Paused, loop, now, networks.Ears, networks.Unfed, oldest,
        networks.Clocks, MonotonicClock.Slept - sleptBefore);

    /// <summary>Begins or ends to measure the watchdog, or reads anew what was measured. Null when it did, else why not.</summary>
    public string? Measure(ref WireReader reader, Instant now)
    {
        var (act, device, timeout) = (reader.Byte(), reader.Text(), reader.UInt32());
        if (reader.Failed)
            return "the request is cut short";
        switch ((MeasureAct)act)
        {
            case MeasureAct.Begin when !isSetUp || guests.AnyLeft():
                return "protected guests run on this host, or may: move them away first";
            case MeasureAct.Begin:
                return watchdog.BeginMeasuring(device, (int)timeout, now);
            case MeasureAct.End:
                watchdog.EndMeasuring();
                return null;
            case MeasureAct.Read:
                watchdog.Load();
                return null;
            default:
                return "this beacon is of an earlier build and cannot do that";
        }
    }

    /// <summary>Null when the question is cut short.</summary>
    public (uint Request, ConsentAnswer Answer)? Consent(ref WireReader reader, Instant now)
    {
        var (request, number, session, safeAfter) = (reader.UInt32(), reader.UInt16(), reader.UInt64(), reader.UInt32());
        if (reader.Failed)
            return null;
        var answer = Lease.Book.Consent(number, session, TimeSpan.FromMilliseconds(safeAfter), now);
        if (answer.Given)
            Note.Write($"consents that host {number} is dead in session {new SessionId(session)}");
        return (request, answer);
    }

    /// <summary>The process ends in order.</summary>
    public void End()
    {
        if (!isSetUp || !guests.AnyLeft())
            watchdog.Disarm();
        else if (watchdog.IsArmed)
            Note.Write("protected guests run here: the watchdog stays armed and resets this host unless the beacon is back in time");
    }

    public void Dispose() => watchdog.Dispose();
}
