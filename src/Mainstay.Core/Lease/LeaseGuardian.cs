using Mainstay.Core.Model;

namespace Mainstay.Core.Lease;

/// <summary>
/// What a beacon does by its lease: guests run, are paused, are killed. The real beacon and the simulator run this same class. Does not
/// allocate.
/// </summary>
public sealed class LeaseGuardian(BeaconLease lease, IGuardedGuests guests)
{
    // An earlier life of this process may have paused guests. They go on with the first valid lease, not before.
    private bool mayBePaused = true;
    private bool wasHeld;

    /// <summary>
    /// One look at the lease, at least once in each beacon period and only after a set-up. Ask <see cref="LeaseHolder.MayFeed"/> after it.
    /// </summary>
    public void Look(Instant now)
    {
        var holder = lease.Holder;
        var state = holder.Look(now);
        if (state is LeaseState.Off or LeaseState.Valid)
        {
            holder.Clean = false;
            if (mayBePaused)
                guests.Continue();
            (mayBePaused, wasHeld) = (false, false);
            return;
        }

        // After a suspend the lease has run out without having been old first: a kill takes its time, a pause does not.
        if (state == LeaseState.Frozen || (state == LeaseState.Expired && !wasHeld && holder.Kills))
        {
            guests.Pause(all: state == LeaseState.Expired);
            (mayBePaused, wasHeld) = (true, true);
        }

        holder.Clean = !guests.AnyLeft();
        if ((state == LeaseState.Expired || holder.IsOver) && holder.Kills)
            guests.Kill();
    }
}
