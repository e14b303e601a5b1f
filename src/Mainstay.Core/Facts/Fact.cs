using Mainstay.Core.Capacity;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Times;

namespace Mainstay.Core.Facts;

/// <summary>
/// Something that happened, in the past tense. Journal, timeline, golden scenarios, metrics and checkers all read these (C12).
/// </summary>
public abstract record Fact
{
    private Fact()
    {
    }

    /// <summary>About the cluster as a whole: its store and its settings.</summary>
    public abstract record OfCluster : Fact
    {
        private protected OfCluster()
        {
        }
    }

    /// <summary>This agent is a member with a new session.</summary>
    public sealed record HostJoined(HostSession Host) : Fact;

    /// <summary>This agent was restarted and found its session and guests as it left them.</summary>
    public sealed record AgentResumed(HostSession Host, int Guests) : Fact;

    public sealed record LeaderElected(HostSession Leader) : Fact;

    /// <summary>No beacon of it on any network for the suspicion time.</summary>
    public sealed record HostSuspected(HostSession Host, TimeSpan Silence) : Fact;

    /// <summary>A suspect was heard again before anything was done to it.</summary>
    public sealed record SuspicionCleared(HostSession Host) : Fact;

    /// <summary>Silent beacons, but its kernel answers: its beacon died, the host did not.</summary>
    public sealed record BeaconFoundDead(HostSession Host) : Fact;

    /// <summary>Fencing began.</summary>
    public sealed record FencingStarted(HostSession Host, string Reason) : Fact;

    /// <summary>Fencing is not done although the time for it came, because of a brake (S5).</summary>
    public sealed record FencingHeld(HostSession Host, string Why) : Fact;

    /// <summary>One try of one method did not give a proof.</summary>
    public sealed record FenceAttemptFailed(HostSession Host, string Method, string Why) : Fact;

    /// <summary>No proof of death for too long: a person is needed, or a fence device.</summary>
    public sealed record ProofMissing(HostSession Host, string Why) : Fact;

    /// <summary>A proof was recorded: the session can run nothing any more.</summary>
    public sealed record HostFenced(HostSession Host, string Proof, string Evidence) : Fact;

    /// <summary>The host was cut off from a storage: what this session ran writes there no more. It may still run.</summary>
    public sealed record StorageRevoked(HostSession Host, string Storage, string Evidence) : Fact;

    /// <summary>Enough keepers do not acknowledge it any more: a living beacon there has paused its guests.</summary>
    public sealed record FreezeShown(HostSession Host, string Evidence) : Fact;

    /// <summary>This host has access to a storage for the session that is about to begin.</summary>
    public sealed record StorageRestored(HostSession Host, string Storage) : Fact;

    /// <summary>This host does not get access to a storage; one that was taken from it keeps it from joining.</summary>
    public sealed record StorageWithheld(HostSession Host, string Storage, string Why) : Fact;

    public sealed record GroupProtected(GroupId Group, HostId? Host) : Fact;

    public sealed record GroupReleased(GroupId Group) : Fact;

    /// <summary>Given to a host by the leader.</summary>
    public sealed record GroupAssigned(GroupId Group, Epoch Epoch, HostId Host, string Because) : Fact;

    /// <summary>No host can take it now; it is tried again whenever something changes.</summary>
    public sealed record GroupUnplaceable(GroupId Group, string Why) : Fact;

    /// <summary>It leaves its host so that a more important group finds a place; <paramref name="To"/> null: it is stopped.</summary>
    public sealed record GroupYielded(GroupId Group, HostId From, HostId? To, GroupId For) : Fact;

    public sealed record GroupClaimed(GroupId Group, Epoch Epoch, HostSession Owner) : Fact;

    public sealed record GuestStarting(GroupId Group, Epoch Epoch, HostId Host) : Fact;

    public sealed record GuestStarted(GroupId Group, Epoch Epoch, HostId Host) : Fact;

    public sealed record GuestStartFailed(GroupId Group, Epoch Epoch, HostId Host, string Why) : Fact;

    /// <summary>How long it took until the group ran, told by its owner once it is stored.</summary>
    public sealed record RecoveryMeasured(GroupId Group, RecoveryMeasurement Took) : Fact;

    /// <summary>It stopped without being asked to.</summary>
    public sealed record GuestFailed(GroupId Group, HostId Host, string Why) : Fact;

    /// <summary>Powered off from inside or with virsh shutdown: not a failure.</summary>
    public sealed record GuestShutDown(GroupId Group, HostId Host) : Fact;

    /// <summary>Stopped on request and seen to be gone.</summary>
    public sealed record GuestStopped(GroupId Group, HostId Host) : Fact;

    /// <summary>A guest was found running here that this host does not own; it was stopped.</summary>
    public sealed record StrayStopped(GroupId Group, HostId Host, string Why) : Fact;

    /// <summary>A safety finding holds the group back.</summary>
    public sealed record GroupBlocked(GroupId Group, string Why) : Fact;

    /// <summary>It was present at the loss of several hosts and may be what took them down: it is held back.</summary>
    public sealed record GroupQuarantined(GroupId Group, string Why) : Fact;

    /// <summary>What is wrong with it, or that nothing is any more, and what follows from that.</summary>
    public sealed record HostDiagnosed(HostId Host, HostDiagnosis Diagnosis) : Fact;

    /// <summary>It is not well: it keeps its guests and gets no new ones.</summary>
    public sealed record HostQuarantined(HostId Host, string Why) : Fact;

    /// <summary>It may be given guests again.</summary>
    public sealed record QuarantineLifted(HostId Host, string Why) : Fact;

    /// <summary>This host is being shut down in order: its guests are moved, or stopped and kept.</summary>
    public sealed record LeaveBegan(HostSession Host, LeavePolicy Policy) : Fact;

    /// <summary>Nothing protected runs on it any more, and it is no member until it returns.</summary>
    public sealed record HostLeft(HostSession Host) : Fact;

    /// <summary>Shut down with its host; it is started there again when the host returns.</summary>
    public sealed record GuestKept(GroupId Group, HostId Host) : Fact;

    /// <summary>This machine is not let in as that host: another one may be alive under its name.</summary>
    public sealed record ArrivalHeld(HostId Host, string Why) : Fact;

    /// <summary>This host's session ended although it runs: it stopped everything and joins anew.</summary>
    public sealed record SessionLost(HostSession Host, string Why) : Fact;

    /// <summary>The keepers are these from now on; while it changes, the set before counts as well.</summary>
    public sealed record KeepersChanged(long Epoch, ValueList<HostId> Members, bool Changing) : Fact;

    /// <summary>This host's session promises to stop its guests when its lease runs out: the lease can prove its death.</summary>
    public sealed record LeasePromised(HostSession Host, TimeSpan SafeAfter) : Fact;

    /// <summary>A keeper will never acknowledge this session again.</summary>
    public sealed record KeeperConsented(HostSession Host, HostId Keeper) : Fact;

    /// <summary>The lease of this host is too old: its guests are paused.</summary>
    public sealed record GuestsFrozen(HostId Host, int Guests) : Fact;

    /// <summary>The keepers hear this host again: its guests go on.</summary>
    public sealed record GuestsThawed(HostId Host) : Fact;

    /// <summary>This host is isolated: it asked the guest to shut down, and the guest did.</summary>
    public sealed record GuestShutDownInIsolation(GroupId Group, HostId Host) : Fact;

    /// <summary>The lease of this host has run out: its guests were killed, or the watchdog resets it.</summary>
    public sealed record LeaseExpired(HostId Host) : Fact;

    public sealed record StoreLost(HostId Seen, string Why) : OfCluster;

    public sealed record StoreRegained(HostId Seen) : OfCluster;

    /// <summary>The store holds what this version cannot read: this host leaves it to others, and its guests run on.</summary>
    public sealed record StoreNotUnderstood(HostId Seen, string Why) : OfCluster;

    public sealed record StoreUnderstood(HostId Seen) : OfCluster;

    /// <summary>The store is older than what this host has seen of it: it was restored from a backup.</summary>
    public sealed record StoreWentBack(HostId Seen, string Why) : OfCluster;

    /// <summary>A new incarnation of the store began: every group is suspended until it is known where it runs.</summary>
    public sealed record IncarnationBegan(long Incarnation, string Because) : OfCluster;

    /// <summary>This host's session goes on in a store that came out of a backup.</summary>
    public sealed record SessionConfirmed(HostSession Host) : OfCluster;

    /// <summary>A restored store was told again that this session is cut off from storages.</summary>
    public sealed record CutOffRecalled(HostSession Host, string Storages) : OfCluster;

    /// <summary>A suspended group was found: it runs on that host, or nowhere.</summary>
    public sealed record GroupReconciled(GroupId Group, Epoch Epoch, HostId? Host) : OfCluster;

    /// <summary>The losses that are to be survived would be, or no longer, as far as room goes.</summary>
    public sealed record CapacityChanged(CapacityStanding Standing, string Why) : OfCluster;

    public sealed record Armed : OfCluster;

    public sealed record Disarmed(string Reason) : OfCluster;

    public sealed record SettingChanged(string What) : OfCluster;
}
