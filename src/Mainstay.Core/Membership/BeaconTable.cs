using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>
/// Who is heard and since when who is not: the whole logic of the beacon process, without clock, sockets or allocation in steady state.
/// The real process and the simulator run this same class.
/// </summary>
/// <remarks>
/// Order of calls at each wake-up: <see cref="Loop"/>, then every packet and refusal that waits, then <see cref="Fill"/> when
/// <see cref="SendDue"/>, then a report when <see cref="ReportDue"/>, then sleep until <see cref="NextDeadline"/>.
/// Silence counts over all networks together and only while this beacon was awake: a stalled observer does not accuse.
/// </remarks>
public sealed class BeaconTable(Timing timing)
{
    /// <summary>Lateness of the own loop from which on the time asleep is not counted as silence of others.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a refusal counts. A kernel answers only about once a second (icmp_ratelimit), and one that died after its beacon
    /// must not pass for alive.
    /// </summary>
    public static readonly TimeSpan RefusalLasts = TimeSpan.FromSeconds(3);

    private readonly long period = timing.BeaconPeriod.Ticks;
    private readonly long suspectAfter = timing.SuspectAfter.Ticks;
    private readonly long missedOne = timing.BeaconPeriod.Ticks * 3 / 2;

    private PeerRecord[] peers = [];
    private BeaconOpinion[] opinions = [];
    private short[] slotOfNumber = [];
    private HostId self = new("");
    private ushort selfNumber;
    private ulong session, sequence;
    private LoopWatch lateness;
    private long lastLoop = -1;
    private long nextSuspect = long.MaxValue;
    private long nextSend, nextReport, lastReport, due;
    private bool changed;

    /// <summary>When the loop must wake at the latest.</summary>
    public Instant NextDeadline => new(TimeSpan.FromTicks(due));

    public int PeerCount => peers.Length;

    public HostId Self => self;

    public ushort SelfNumber => selfNumber;

    /// <summary>Replaces who we are and whom we listen to. What is known of peers that stay is kept.</summary>
    public void SetUp(BeaconSetup setup, Instant now)
    {
        var ordered = setup.Peers.OrderBy(peer => peer.Host).ToArray();
        if (ordered.Length > short.MaxValue || ordered.Any(peer => peer.Number is < 0 or > ushort.MaxValue))
            throw new ArgumentOutOfRangeException(nameof(setup), "A host number lies between 0 and 65535.");
        var kept = new PeerRecord[ordered.Length];
        var keptOpinions = new BeaconOpinion[ordered.Length * BeaconPacket.MaxOpinions];
        var slots = new short[ordered.Select(peer => peer.Number + 1).DefaultIfEmpty(0).Max()];
        Array.Fill(slots, (short)-1);
        for (var i = 0; i < ordered.Length; i++)
        {
            var known = Array.FindIndex(peers, peer => peer.Host == ordered[i].Host && peer.Number == ordered[i].Number);
            kept[i] = known >= 0
                ? peers[known]
                : new PeerRecord { Host = ordered[i].Host, Number = (ushort)ordered[i].Number, SilentSince = now.SinceOrigin.Ticks };
            if (known >= 0)
                OpinionsOf(known).CopyTo(keptOpinions.AsSpan(i * BeaconPacket.MaxOpinions));
            slots[ordered[i].Number] = (short)i;
        }

        (peers, opinions, slotOfNumber) = (kept, keptOpinions, slots);
        (self, selfNumber, session) = (setup.Self, (ushort)setup.Number, setup.Session?.Number ?? 0);
        changed = true;
        Plan(now.SinceOrigin.Ticks);
    }

    /// <summary>To be called first at each wake-up. Cheap when nothing is due.</summary>
    public void Loop(Instant now)
    {
        var ticks = now.SinceOrigin.Ticks;
        if (ticks < due && lastLoop >= 0)
        {
            lastLoop = ticks;
            return;
        }

        if (lastLoop >= 0)
        {
            lateness.Note(ticks, ticks - due);
            if (ticks - due > StallLimit.Ticks)
                Forgive(ticks);
        }

        lastLoop = ticks;
        Plan(ticks);
    }

    /// <summary>Takes a beacon whose seal was good.</summary>
    public BeaconVerdict Receive(in BeaconPacket packet, Instant now)
    {
        var slot = SlotOf(packet.Host);
        if (slot < 0 || packet.Session == 0)
            return BeaconVerdict.Stranger;
        ref var peer = ref peers[slot];
        var ticks = now.SinceOrigin.Ticks;
        if (packet.Crashed)
        {
            changed |= peer.NoteCrash(packet.Session);
            return BeaconVerdict.Crash;
        }

        if (packet.Session != peer.Session)
        {
            // A live session is not replaced by packets somebody recorded: a new one counts once the old one misses a beacon.
            if (peer.Session != 0 && ticks - peer.SilentSince < missedOne)
                return BeaconVerdict.OtherSession;
            if (!peer.ChangeSession(packet.Session, packet.Sequence))
                return BeaconVerdict.OtherSession;
            changed = true;
        }
        else if (packet.Sequence <= peer.Sequence)
        {
            return packet.Sequence == peer.Sequence ? BeaconVerdict.Copy : BeaconVerdict.Old;
        }

        changed |= peer.Silent | peer.Answers | (peer.AgentAlive != packet.AgentAlive);
        (peer.Sequence, peer.SilentSince, peer.AgentAlive) = (packet.Sequence, ticks, packet.AgentAlive);
        (peer.Silent, peer.Answers, peer.Crashed) = (false, false, 0);
        var said = packet.Opinions;
        peer.OpinionCount = said.Length;
        said.CopyTo(opinions.AsSpan(slot * BeaconPacket.MaxOpinions));
        return BeaconVerdict.Accepted;
    }

    /// <summary>The kernel of a peer refused our beacon (port unreachable): no beacon process there, but a kernel that runs.</summary>
    public void HostAnswered(int number, Instant now)
    {
        var slot = number is >= 0 and <= ushort.MaxValue ? SlotOf((ushort)number) : -1;
        if (slot < 0)
            return;
        ref var peer = ref peers[slot];
        peer.RefusedAt = now.SinceOrigin.Ticks;
        changed |= peer.CountRefusal(peer.RefusedAt, missedOne);
    }

    public bool SendDue(Instant now) => session != 0 && now.SinceOrigin.Ticks >= nextSend;

    /// <summary>Writes the next beacon and plans the one after. False, and nothing to send, while there is no session.</summary>
    public bool Fill(ref BeaconPacket packet, bool agentAlive, Instant now)
    {
        if (session == 0)
            return false;
        var ticks = now.SinceOrigin.Ticks;

        // The clock gives the sequence its floor, so that a restarted process goes on above what it sent before.
        sequence = Math.Max(sequence + 1, (ulong)(ticks / TimeSpan.TicksPerMillisecond));
        (packet.Host, packet.Session, packet.Sequence) = (selfNumber, session, sequence);
        (packet.AgentAlive, packet.Crashed) = (agentAlive, false);
        packet.ClearOpinions();
        for (var i = 0; i < peers.Length; i++)
        {
            ref var peer = ref peers[i];
            var steps = (ticks - peer.SilentSince) / BeaconPacket.SilenceStep.Ticks;
            var silence = peer.Session == 0 ? BeaconPacket.NeverHeard
                : peer.Answers ? BeaconPacket.KernelAnswers
                : (byte)Math.Clamp(steps, 0, BeaconPacket.LongestSilence);
            if (!packet.Add(new BeaconOpinion(peer.Number, silence)))
                break;
        }

        nextSend = nextSend + period > ticks ? nextSend + period : ticks + period;
        Plan(ticks);
        return true;
    }

    /// <summary>Something changed, or the time of the next regular report has come: each beacon period while somebody is silent.</summary>
    public bool ReportDue(Instant now) => changed || now.SinceOrigin.Ticks >= nextReport;

    /// <summary>The report as the node takes it. Allocates; the real process writes <see cref="PeerAt"/> instead.</summary>
    public BeaconReport BuildReport(Instant now)
    {
        var sights = new PeerSight[peers.Length];
        for (var i = 0; i < sights.Length; i++)
        {
            ref var peer = ref peers[i];
            sights[i] = new PeerSight(
                peer.Host, peer.Heard, SilenceOf(i, now), peer.Answers, peer.AgentAlive, PeerOpinions.Of(OpinionsOf(i), this))
            {
                Crashed = peer.Crash,
            };
        }

        var stall = OwnStall(now);
        Reported(now);
        return new BeaconReport(stall, new ValueList<PeerSight>(sights));
    }

    /// <summary>Every peer is heard as it should be, and nothing waits to be told: for the simulator (see its quiet beacons).</summary>
    internal bool IsQuiet(Instant now)
    {
        var (ticks, quiet) = (now.SinceOrigin.Ticks, session != 0 && !changed && OwnStall(now) < TimeSpan.FromMilliseconds(1));
        foreach (ref readonly var peer in peers.AsSpan())
            quiet &= peer.IsWell && ticks - peer.SilentSince <= missedOne;
        return quiet;
    }

    /// <summary>Nothing but the regular beacons of everybody was sent and heard between the two times: as it then is.</summary>
    internal void Leap(Instant from, Instant to)
    {
        var ticks = to.SinceOrigin.Ticks;
        foreach (ref var peer in peers.AsSpan())
            peer.SilentSince += (to - from).Ticks;
        if (nextSend <= ticks)
            nextSend += ((ticks - nextSend) / period + 1) * period;
        lastLoop = ticks;
        Plan(ticks);
    }

    /// <summary>When the next regular report is due.</summary>
    internal Instant NextReport => new(TimeSpan.FromTicks(nextReport));

    /// <summary>A regular report of a quiet table was made, of which nothing else is to be looked at.</summary>
    internal void ReportedQuietly(Instant now) =>
        (lastReport, nextReport) = (now.SinceOrigin.Ticks, now.SinceOrigin.Ticks + TimeSpan.TicksPerSecond);

    /// <summary>A report was made: plans the next one.</summary>
    public void Reported(Instant now)
    {
        changed = false;
        lastReport = now.SinceOrigin.Ticks;
        Plan(lastReport);
    }

    /// <summary>The longest lateness of the own loop during the last two to three seconds.</summary>
    public TimeSpan OwnStall(Instant now) => TimeSpan.FromTicks(lateness.Longest(now.SinceOrigin.Ticks));

    /// <summary>The peer at this place in the order of host names.</summary>
    public PeerView PeerAt(int index, Instant now)
    {
        ref var peer = ref peers[index];
        return new PeerView(
            peer.Host, peer.Number, peer.Session, SilenceOf(index, now), peer.Answers, peer.AgentAlive, OpinionsOf(index))
        { Crashed = peer.Crashed };
    }

    /// <summary>The host with this number, when it is known.</summary>
    public HostId? HostOf(ushort number) =>
        number == selfNumber ? self : SlotOf(number) is var slot and >= 0 ? peers[slot].Host : null;

    private int SlotOf(ushort number) => number < slotOfNumber.Length ? slotOfNumber[number] : -1;

    private Span<BeaconOpinion> OpinionsOf(int slot) =>
        opinions.AsSpan(slot * BeaconPacket.MaxOpinions, peers[slot].OpinionCount);

    private TimeSpan SilenceOf(int slot, Instant now) =>
        TimeSpan.FromTicks(Math.Max(0, now.SinceOrigin.Ticks - peers[slot].SilentSince));

    /// <summary>Takes the time this beacon was asleep out of everybody's silence.</summary>
    private void Forgive(long now)
    {
        for (var i = 0; i < peers.Length; i++)
        {
            ref var since = ref peers[i].SilentSince;
            since += Math.Max(0, now - Math.Max(since, lastLoop));
        }
    }

    /// <summary>Notes silences that begin, and when something is due next.</summary>
    private void Plan(long now)
    {
        nextSuspect = long.MaxValue;
        var anySilent = false;
        for (var i = 0; i < peers.Length; i++)
        {
            ref var peer = ref peers[i];
            var limit = peer.SilentSince + suspectAfter;
            if (!peer.Silent && limit <= now)
            {
                peer.Silent = true;
                changed = true;
            }

            changed |= peer.CountRefusal(now, missedOne);
            if (peer.Answers && now - peer.RefusedAt > RefusalLasts.Ticks)
            {
                peer.Answers = false;
                changed = true;
            }

            anySilent |= peer.Silent;
            if (!peer.Silent && limit < nextSuspect)
                nextSuspect = limit;
        }

        nextReport = lastReport + (anySilent ? period : TimeSpan.TicksPerSecond);
        due = Math.Min(Math.Max(nextReport, now), nextSuspect);
        if (session != 0)
            due = Math.Min(due, Math.Max(nextSend, now));
    }
}
