using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Core.Lease;

/// <summary>
/// The keeper's side of the lease in a beacon: which beacons it acknowledges, and to whose death it consented. Everything here is lost when
/// the process ends; what makes that safe is that a new incarnation registers in the store first and stays silent for the safe time.
/// </summary>
public sealed class KeeperBook
{
    private readonly LeaseGuards guards;
    private readonly Instant startedAt;
    private Entry[] entries = [];
    private int self;

    internal KeeperBook(ulong incarnation, Instant startedAt, LeaseGuards guards) =>
        (Incarnation, this.startedAt, this.guards) = (incarnation, startedAt, guards);

    /// <summary>Names this life of the beacon process; random, never 0.</summary>
    public ulong Incarnation { get; }

    /// <summary>This beacon is a keeper, and the store knows it as the current one of its host.</summary>
    public bool Acts { get; private set; }

    /// <summary>Takes over who is a keeper and which hosts there are. What is known of hosts that stay is kept.</summary>
    public void SetUp(int self, KeeperDuty duty, IEnumerable<int> hosts)
    {
        this.self = self;
        Acts = (duty.Members.Contains(self) || duty.Previous.Contains(self)) && (duty.Registered == Incarnation || !guards.RegistersFirst);
        entries = [.. hosts.Order().Select(number =>
            Array.FindIndex(entries, e => e.Number == number) is var i and >= 0 ? entries[i] : new Entry { Number = number })];
    }

    /// <summary>A beacon that was news was heard: it is acknowledged, unless this keeper consented to the death of its session.</summary>
    public void Heard(int number, ulong session, ulong sequence, Instant now)
    {
        var place = PlaceOf(number);
        if (place < 0 || !Acts)
            return;
        ref var entry = ref entries[place];
        if (entry.Consented == session && guards.NoAckAfterConsent)
            return;
        (entry.Session, entry.Sequence, entry.HeardAt, entry.WasHeard) = (session, (uint)sequence, now, true);
    }

    /// <summary>Puts the acknowledgements into a beacon.</summary>
    public void Fill(ref BeaconPacket packet)
    {
        packet.ClearAcknowledgements();
        if (!Acts)
            return;
        foreach (ref var entry in entries.AsSpan())
        {
            if (entry.WasHeard && !(entry.Consented == entry.Session && guards.NoAckAfterConsent))
                packet.Add(new BeaconAcknowledgement((ushort)entry.Number, entry.Sequence));
        }
    }

    /// <summary>
    /// Asks whether the session may be taken for dead: only when this keeper acknowledged nothing of the host for the safe time, by its own
    /// clock, and has itself lived that long.
    /// </summary>
    public ConsentAnswer Consent(int number, ulong session, TimeSpan safeAfter, Instant now)
    {
        var place = PlaceOf(number);
        if (place < 0 || !Acts || number == self)
            return new ConsentAnswer(false, Incarnation, TimeSpan.Zero);
        ref var entry = ref entries[place];
        var since = guards.SilentAfterStart ? startedAt : Instant.Origin - TimeSpan.FromDays(1);
        if (entry.WasHeard)
            since = Instant.Max(since, entry.HeardAt);
        var wait = safeAfter - (now - since);
        if (wait > TimeSpan.Zero && guards.WaitsSafeTime)
            return new ConsentAnswer(false, Incarnation, wait);
        entry.Consented = session;
        return new ConsentAnswer(true, Incarnation, TimeSpan.Zero);
    }

    /// <summary>Every host is heard and acknowledged, or none is: for the simulator (see its quiet beacons).</summary>
    internal bool IsQuiet(TimeSpan within, Instant now) =>
        !Acts || Array.TrueForAll(entries, entry => entry.WasHeard && now - entry.HeardAt <= within);

    /// <summary>Every host was heard all the while.</summary>
    internal void Leap(TimeSpan by)
    {
        if (!Acts)
            return;
        foreach (ref var entry in entries.AsSpan())
            entry.HeardAt += by;
    }

    private int PlaceOf(int number)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Number == number)
                return i;
        }

        return -1;
    }

    private struct Entry
    {
        public int Number;
        public ulong Session;
        public uint Sequence;
        public Instant HeardAt;
        public bool WasHeard;
        public ulong Consented;
    }
}
