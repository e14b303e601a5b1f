using Mainstay.Core.Model;

namespace Mainstay.Core.Lease;

/// <summary>
/// A host's own lease in its beacon: when a majority of keepers last acknowledged a beacon, counted from its send time, and what follows
/// from its age. No clock, no sockets; no allocation after <see cref="SetUp"/>.
/// </summary>
public sealed class LeaseHolder
{
    private const long Never = long.MinValue;
    private const int Remembered = 256;

    private readonly LeaseGuards guards;
    private readonly uint[] sentSequences = new uint[Remembered];
    private readonly long[] sentAt = new long[Remembered];
    private int nextSent;
    private int[] members = [];
    private int[] previous = [];
    private long[] memberRenewed = [];
    private long[] previousRenewed = [];
    private SessionId? session;
    private bool lapsed;
    private bool isExpired;

    internal LeaseHolder(LeaseGuards guards)
    {
        this.guards = guards;
        Array.Fill(sentAt, Never);
    }

    /// <summary>Null while no lease is in force.</summary>
    public LeaseTerms? Terms { get; private set; }

    /// <summary>There is no session, or no longer: nothing of what a lease would guard may run here.</summary>
    public bool IsOver => Terms is not null && session is null;

    /// <summary>How often the lease was found to have run out.</summary>
    public long Expiries { get; private set; }

    /// <summary>The keeper set in use.</summary>
    public long KeepersEpoch { get; private set; }

    /// <summary>Nothing of what the lease guards is left on this host: it may be fed although the lease expired.</summary>
    public bool Clean { get; set; }

    /// <summary>Takes over session, keepers and terms. A renewal lasts as long as the session and the keeper that gave it.</summary>
    public void SetUp(SessionId? session, KeeperDuty keepers, LeaseTerms? terms)
    {
        if (this.session != session)
        {
            Array.Fill(sentAt, Never);
            lapsed = false;
            (members, previous, memberRenewed, previousRenewed) = ([], [], [], []);
        }

        int[] known = [.. members, .. previous];
        long[] at = [.. memberRenewed, .. previousRenewed];
        (members, previous) = ([.. keepers.Members], [.. keepers.Previous]);
        (memberRenewed, previousRenewed) = (Kept(members), Kept(previous));
        (this.session, Terms, KeepersEpoch) = (session, terms, keepers.Epoch);

        long[] Kept(int[] numbers) => [.. numbers.Select(n => Array.IndexOf(known, n) is var i and >= 0 ? at[i] : Never)];
    }

    /// <summary>A beacon is about to be sent: to be called before it is.</summary>
    public void Sent(ulong sequence, Instant now)
    {
        (sentSequences[nextSent], sentAt[nextSent]) = ((uint)sequence, now.SinceOrigin.Ticks);
        nextSent = (nextSent + 1) % Remembered;
    }

    /// <summary>
    /// The host was suspended: keepers may have consented meanwhile, and the watchdog stood still. Every renewal is void, and so is what
    /// the acknowledgements still to be read would renew (S2).
    /// </summary>
    public void Lapse()
    {
        if (!guards.NoticesSleep)
            return;
        Array.Fill(sentAt, Never);
        Array.Fill(memberRenewed, Never);
        Array.Fill(previousRenewed, Never);
        lapsed = true;
    }

    /// <summary>A keeper acknowledged one of our beacons, named by the low 32 bits of its sequence. Unknown ones count for
    /// nothing.</summary>
    public void Acknowledged(int keeper, uint sequence, Instant now)
    {
        var at = SendTime(sequence);
        if (at == Never)
            return;
        if (!guards.CountsFromSend)
            at = now.SinceOrigin.Ticks;
        Renew(members, memberRenewed, keeper, at);
        Renew(previous, previousRenewed, keeper, at);
        if (lapsed)
            lapsed = Age(now) is null;
    }

    /// <summary>How old the lease is; null when no majority has acknowledged anything yet.</summary>
    public TimeSpan? Age(Instant now)
    {
        var renewed = MajorityTime(memberRenewed);
        if (previous.Length > 0)
            renewed = Math.Min(renewed, MajorityTime(previousRenewed));
        return renewed == Never ? null : TimeSpan.FromTicks(now.SinceOrigin.Ticks - renewed);
    }

    public LeaseState StateAt(Instant now)
    {
        if (Terms is not { } terms)
            return LeaseState.Off;
        if (Age(now) is not { } age)
            return lapsed ? LeaseState.Expired : LeaseState.Waiting;
        return age < terms.Freeze ? LeaseState.Valid : age < terms.Kill ? LeaseState.Frozen : LeaseState.Expired;
    }

    /// <summary>The state, and whether it is a new expiry is counted: to be asked at each look at the lease.</summary>
    public LeaseState Look(Instant now)
    {
        var state = StateAt(now);
        if (state == LeaseState.Expired && !isExpired)
            Expiries++;
        isExpired = state == LeaseState.Expired;
        return state;
    }

    /// <summary>The watchdog may be fed now. To be asked right before feeding it.</summary>
    public bool MayFeed(Instant now) => StateAt(now) switch
    {
        LeaseState.Off or LeaseState.Valid or LeaseState.Frozen => true,
        LeaseState.Waiting => Clean || !guards.FeedsOnlyWhenProven,
        LeaseState.Expired => Clean || !guards.StopsFeeding,
    };

    /// <summary>
    /// To be asked right after feeding: true when this process stalled so long between check and feeding that the feeding came too late to
    /// be allowed. Then the host must reset itself at once.
    /// </summary>
    public bool MustReset(Instant now) =>
        guards.LooksTwice && !Clean && Terms is { } terms && Age(now) is var age && (age is null || age >= terms.Kill + LeaseTerms.Slack);

    /// <summary>False only in a test that takes this guard away.</summary>
    internal bool Kills => guards.Kills;

    /// <summary>A start may begin: the lease is valid, and will be for long enough that the start is not killed at once.</summary>
    public bool MayStart(Instant now) => StateAt(now) switch
    {
        LeaseState.Off => true,
        LeaseState.Valid => Terms is not { } terms || Age(now) is { } age && age + LeaseTerms.StartNeeds < terms.Kill,
        LeaseState.Waiting or LeaseState.Frozen or LeaseState.Expired => false,
    };

    /// <summary>Valid or not in force, and renewed by every keeper within the time: for the simulator (see its quiet beacons).</summary>
    internal bool IsQuiet(TimeSpan within, Instant now) =>
        StateAt(now) is LeaseState.Off or LeaseState.Valid && previous.Length == 0
        && Array.TrueForAll(memberRenewed, at => at >= now.SinceOrigin.Ticks - within.Ticks);

    /// <summary>It was renewed by every keeper all the while.</summary>
    internal void Leap(TimeSpan by)
    {
        foreach (ref var at in memberRenewed.AsSpan())
            at += by.Ticks;
    }

    private static void Renew(int[] numbers, long[] renewed, int keeper, long at)
    {
        var place = Array.IndexOf(numbers, keeper);
        if (place >= 0 && at > renewed[place])
            renewed[place] = at;
    }

    /// <summary>The time such that a majority acknowledged a beacon sent then or later.</summary>
    private static long MajorityTime(long[] renewed)
    {
        if (renewed.Length == 0)
            return Never;
        var needed = (renewed.Length / 2) + 1;
        var best = Never;
        foreach (var candidate in renewed)
        {
            var atLeast = 0;
            foreach (var other in renewed)
                atLeast += other >= candidate ? 1 : 0;
            if (atLeast >= needed && candidate > best)
                best = candidate;
        }

        return best;
    }

    // The newest first: a keeper acknowledges the last beacon or the one before, many times a second.
    private long SendTime(uint sequence)
    {
        for (var back = 1; back <= Remembered; back++)
        {
            var i = (nextSent - back + Remembered) % Remembered;
            if (sentAt[i] == Never)
                return Never;
            if (sentSequences[i] == sequence)
                return sentAt[i];
        }

        return Never;
    }
}
