using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Recovery;

/// <summary>What this agent knows of one protected guest on its own host.</summary>
internal sealed class LocalGuest
{
    /// <summary>Null until an inventory said something.</summary>
    public GuestRunState? Seen { get; set; }

    public GuestStopCause LastStop { get; set; } = GuestStopCause.Unclear;

    /// <summary>libvirt has a definition of it here.</summary>
    public bool IsDefined { get; set; }

    /// <summary>A chain of effects for this guest is under way; nothing else is begun.</summary>
    public bool IsActing { get; set; }

    /// <summary>Inventories asked for before this operation are too old to speak about this guest.</summary>
    public OperationId ActedAt { get; set; }

    /// <summary>The inventory that last spoke of it.</summary>
    public OperationId LookedAt { get; private set; }

    /// <summary>This agent saw it run under the current ownership.</summary>
    public bool HasRun { get; set; }

    /// <summary>
    /// This agent claimed it itself, so that a stopped guest means "not started yet", not "stopped while nobody watched".
    /// </summary>
    public bool ClaimedHere { get; set; }

    /// <summary>
    /// A write that lets go of it may still take effect, of this agent or of one before it: no start before its record was written anew.
    /// </summary>
    public bool MayBeLetGo { get; set; } = true;

    public Instant NotBefore { get; set; }

    public Instant RunningSince { get; set; }

    /// <summary>Since when its start waits for the lease of this host to begin; null when it does not.</summary>
    public Instant? WaitsForLeaseSince { get; set; }

    /// <summary>When it failed while running; null once it runs again or left.</summary>
    public Instant? FailedAt { get; set; }

    /// <summary>Since when it is being stopped; null when it is not, or when this agent has not seen it run before.</summary>
    public Instant? StoppingSince { get; set; }

    /// <summary>Starts that failed here since the last success.</summary>
    public int FailedStarts { get; set; }

    /// <summary>When it failed while running, within the window of <see cref="RestartPolicy"/>.</summary>
    public List<Instant> Failures { get; } = [];

    /// <summary>An orderly stop did not lead anywhere: end it next time.</summary>
    public bool StopHard { get; set; }

    /// <summary>The agent in it is being asked whether it answers.</summary>
    public bool IsAskingAgent { get; set; }

    public Instant AskAgentAt { get; set; }

    /// <summary>The ownership in which the agent in it answered; null while it has not.</summary>
    public Epoch? AgentAnsweredIn { get; set; }

    /// <summary>Since when its stop waits for those of others; null while it does not.</summary>
    public Instant? StopWaitsSince { get; set; }

    public bool IsAlive => Seen is GuestRunState.Running or GuestRunState.Paused;

    public void Begin() => IsActing = true;

    public void End(OperationId at, Instant notBefore)
    {
        (IsActing, ActedAt, NotBefore) = (false, at, notBefore);
    }

    /// <summary>Takes over what an inventory says of it; null when it does not name it.</summary>
    public void See(OperationId asked, GuestObservation? seen)
    {
        LookedAt = asked;
        (IsDefined, Seen, LastStop) = (seen is not null, seen?.State ?? GuestRunState.Stopped, seen?.LastStop ?? GuestStopCause.Unclear);
    }

    /// <summary>
    /// An inventory asked for after this operation, and after the last act on it, shows no process. What became of an act is no evidence of
    /// that: it may have had no effect, or a late one.
    /// </summary>
    public bool IsShownGoneSince(OperationId since) =>
        !IsActing && Seen == GuestRunState.Stopped && LookedAt.CompareTo(since) > 0 && LookedAt.CompareTo(ActedAt) > 0;

    /// <summary>Nothing would change if this were taken over.</summary>
    public bool IsKnownAs(GuestObservation? seen) =>
        IsDefined == seen is not null && Seen == (seen?.State ?? GuestRunState.Stopped)
        && LastStop == (seen?.LastStop ?? GuestStopCause.Unclear);

    /// <summary>Takes over what a listing says of it; false when that is unknown.</summary>
    public bool Look(NodeInput listed, string uuid)
    {
        if (listed is not NodeInput.GuestsListed { Inventory: Observed<GuestInventory>.Known known })
            return false;
        var seen = known.Value.Guests.FirstOrDefault(g => g.Uuid == uuid);
        (Seen, IsDefined) = (seen?.State ?? GuestRunState.Stopped, seen is not null);
        return true;
    }

    public void Reset()
    {
        (HasRun, ClaimedHere, FailedStarts, StopHard, FailedAt, StoppingSince) = (false, false, 0, false, null, null);
        Failures.Clear();
    }
}
