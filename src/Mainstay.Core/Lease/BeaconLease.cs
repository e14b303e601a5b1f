using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Core.Lease;

/// <summary>
/// The lease in one beacon process: the lease its host holds and what it does as a keeper of others. The real process and the simulator
/// run this same class.
/// </summary>
/// <remarks>
/// Calls: <see cref="Woke"/> first at each wake-up, <see cref="Heard"/> after every beacon the table accepted, <see cref="Fill"/> after
/// the table filled a beacon and before it is sent, <see cref="LeaseHolder.StateAt"/> and <see cref="LeaseHolder.MayFeed"/> at each
/// wake-up. Nothing allocates but a set-up and a view.
/// </remarks>
public sealed class BeaconLease
{
    /// <summary>Two clocks are read one after the other: less than this between them is no suspend.</summary>
    private static readonly TimeSpan Asleep = TimeSpan.FromMilliseconds(50);

    private int self;
    private TimeSpan? slept;

    /// <param name="incarnation">Of this process; random, never 0.</param>
    public BeaconLease(ulong incarnation, Instant startedAt)
        : this(incarnation, startedAt, LeaseGuards.All)
    {
    }

    internal BeaconLease(ulong incarnation, Instant startedAt, LeaseGuards guards) =>
        (Holder, Book) = (new LeaseHolder(guards), new KeeperBook(incarnation, startedAt, guards));

    public LeaseHolder Holder { get; }

    public KeeperBook Book { get; }

    public LeaseLife Life => new(Book.Incarnation, Holder.Expiries);

    /// <summary>
    /// S1: no token is armed on what was read before the lease ran out, or before this process began: keepers may have consented to the end
    /// of the session since, forgotten it in a restart, and acknowledge it again.
    /// </summary>
    /// <param name="read">When the agent read the store; null from an agent that does not say.</param>
    public bool MayArm(LeaseLife? read) => read is { } life ? life == Life : Holder.Expiries == 0;

    public void SetUp(BeaconSetup setup)
    {
        self = setup.Number;
        Holder.SetUp(setup.Session, setup.Keepers, setup.Lease);
        Book.SetUp(self, setup.Keepers, setup.Peers.Select(peer => peer.Number));
    }

    /// <summary>To be called first at each wake-up: how long this host has been suspended in all since it booted.</summary>
    public void Woke(TimeSpan sleptInAll)
    {
        if (slept is { } before && sleptInAll - before >= Asleep)
            Holder.Lapse();
        slept = sleptInAll;
    }

    /// <summary>Takes from an accepted beacon what it acknowledges of ours, and notes it for acknowledgement.</summary>
    public void Heard(in BeaconPacket packet, Instant now)
    {
        foreach (var acknowledged in packet.Acknowledgements)
        {
            if (acknowledged.Host == self)
                Holder.Acknowledged(packet.Host, acknowledged.Sequence, now);
        }

        Book.Heard(packet.Host, packet.Session, packet.Sequence, now);
    }

    /// <summary>Completes a beacon that is about to be sent. A keeper acknowledges its own host at once.</summary>
    public void Fill(ref BeaconPacket packet, Instant now)
    {
        Holder.Sent(packet.Sequence, now);
        if (Book.Acts)
            Holder.Acknowledged(self, (uint)packet.Sequence, now);
        Book.Fill(ref packet);
    }

    /// <summary>Nobody's renewals are missing: for the simulator (see its quiet beacons).</summary>
    internal bool IsQuiet(TimeSpan within, Instant now) => Holder.IsQuiet(within, now) && Book.IsQuiet(within, now);

    /// <summary>Everybody was heard and renewed all the while.</summary>
    internal void Leap(TimeSpan by)
    {
        Holder.Leap(by);
        Book.Leap(by);
    }

    /// <summary>What the agent is told. Allocates.</summary>
    public OwnLease View(TimeSpan? watchdog, int paused, Instant now) => new(
        Book.Incarnation, watchdog, Holder.StateAt(now), Holder.Age(now), Holder.Terms, Holder.KeepersEpoch, paused)
    {
        Expiries = Holder.Expiries,
    };
}
