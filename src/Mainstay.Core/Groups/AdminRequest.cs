using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Groups;

/// <summary>What a person, or a program on his behalf, asks of the cluster.</summary>
public abstract record AdminRequest
{
    private AdminRequest()
    {
    }

    /// <summary>Adopt a domain of this host where it runs.</summary>
    public sealed record Protect(GroupId Group, GuestShutdownPolicy OnGuestShutdown) : AdminRequest
    {
        public IsolationPolicy OnIsolation { get; init; }

        /// <summary>Also when its disks say that another cluster protects it: a person knows that it does so no more.</summary>
        public bool TakesOver { get; init; }

        public StorageProofPolicy StorageProof { get; init; }

        public RepeatedLossPolicy OnRepeatedLoss { get; init; }

        /// <summary>0 to 4.</summary>
        public int Tier { get; init; } = GroupSpec.DefaultTier;

        public Yielding Yields { get; init; }

        /// <summary>Why it is protected although it takes room that is kept for a loss. Empty: then it is refused.</summary>
        public string Override { get; init; } = "";
    }

    /// <summary>Change the policies of a protected guest; null leaves one as it is.</summary>
    public sealed record SetPolicy(GroupId Group) : AdminRequest
    {
        public GuestShutdownPolicy? OnGuestShutdown { get; init; }

        public IsolationPolicy? OnIsolation { get; init; }

        public StorageProofPolicy? StorageProof { get; init; }

        /// <summary>A guest that is held back is released when it is to be restarted.</summary>
        public RepeatedLossPolicy? OnRepeatedLoss { get; init; }

        /// <summary>0 to 4.</summary>
        public int? Tier { get; init; }

        public Yielding? Yields { get; init; }

        /// <summary>Where it is rather than elsewhere, the best first; empty: anywhere.</summary>
        public ValueList<HostId>? Prefers { get; init; }

        public Failback? Failback { get; init; }

        /// <summary>Zero: nothing is demanded any more.</summary>
        public TimeSpan? RecoveryBudget { get; init; }
    }

    /// <summary>Give a guest back to libvirt; it runs on. Asked of the host that owns it, or of any when nobody does.</summary>
    public sealed record Release(GroupId Group) : AdminRequest;

    /// <summary>Run it, on <paramref name="On"/> if named.</summary>
    public sealed record Start(GroupId Group, HostId? On) : AdminRequest
    {
        /// <summary>Also when its disks carry another cluster's stamp, or a later one: a person knows that it runs nowhere.</summary>
        public bool TakesOver { get; init; }

        /// <summary>Why it is started although it takes room that is kept for a loss. Empty: then it is refused.</summary>
        public string Override { get; init; } = "";
    }

    public sealed record Stop(GroupId Group, bool Force) : AdminRequest;

    /// <summary>Stop it in order and start it elsewhere, on <paramref name="To"/> if named.</summary>
    public sealed record Move(GroupId Group, HostId? To) : AdminRequest
    {
        /// <summary>Why it is moved although it takes room that is kept for a loss. Empty: then it is refused.</summary>
        public string Override { get; init; } = "";
    }

    /// <summary>Start it after another one from now on; an earlier dependency on the same one is replaced.</summary>
    public sealed record SetOrder(GroupId Group, StartDependency Dependency) : AdminRequest;

    /// <summary>It waits for that one no more.</summary>
    public sealed record RemoveOrder(GroupId Group, GroupId On) : AdminRequest;

    /// <summary>These groups, and no others, are the application of this name.</summary>
    public sealed record SetApplication(string Name, ValueList<GroupId> Members) : AdminRequest;

    /// <summary>Its groups stand alone again; nothing is stopped.</summary>
    public sealed record RemoveApplication(string Name) : AdminRequest;

    /// <summary>Start all of it, in order.</summary>
    public sealed record StartApplication(string Name) : AdminRequest
    {
        /// <summary>Why it is started although it takes room that is kept for a loss. Empty: then it is refused.</summary>
        public string Override { get; init; } = "";
    }

    /// <summary>Stop all of it, in reverse order.</summary>
    public sealed record StopApplication(string Name) : AdminRequest;

    /// <summary>Stop all of it and start it elsewhere, on <paramref name="To"/> if named.</summary>
    public sealed record MoveApplication(string Name, HostId? To) : AdminRequest
    {
        /// <summary>Why it is moved although it takes room that is kept for a loss. Empty: then it is refused.</summary>
        public string Override { get; init; } = "";
    }

    /// <summary>A person vouches that the host is dead.</summary>
    public sealed record ConfirmDead(HostId Host, string By, string Reason) : AdminRequest
    {
        /// <summary>The session that the person was shown: a later one is not meant. Null: whichever is current.</summary>
        public SessionId? Session { get; init; }
    }

    public sealed record SetArmed(bool Armed, string Reason) : AdminRequest;

    /// <summary>For which losses room is kept; null leaves it as it is.</summary>
    public sealed record SetCapacity(int? HostLosses, ValueList<string>? Domains) : AdminRequest;

    /// <param name="Anyway">Also when what was measured speaks against it.</param>
    public sealed record SetProfile(TimingProfile Profile, bool Anyway) : AdminRequest;

    /// <param name="VcpusPerCpu">0: any number.</param>
    public sealed record SetOvercommit(int VcpusPerCpu) : AdminRequest;

    public sealed record SetFenceMethod(HostId Host, FenceMethod Method) : AdminRequest;

    public sealed record RemoveFenceMethod(HostId Host, string Method) : AdminRequest;

    /// <summary>Name a storage that hosts can be cut off from, or change it.</summary>
    public sealed record SetStorage(string Name, StorageConfig Config) : AdminRequest;

    public sealed record RemoveStorage(string Name) : AdminRequest
    {
        /// <summary>Why also when a host that was taken out of the cluster is cut off from it; empty: not then.</summary>
        public string Override { get; init; } = "";
    }

    /// <summary>Set a rule about where guests run, or change it. A limit of 0: as even as the places allow.</summary>
    public sealed record SetRule(PlacementRule Rule) : AdminRequest;

    public sealed record RemoveRule(string Name) : AdminRequest;

    /// <summary>Say what a host has or is in; a label of the same key is replaced.</summary>
    /// <param name="Removed">Keys.</param>
    public sealed record SetLabels(HostId Host, ValueList<HostLabel> Labels, ValueList<string> Removed) : AdminRequest;

    public sealed record SetMaintenance(HostId Host, bool On) : AdminRequest
    {
        /// <summary>Its guests are moved to other hosts.</summary>
        public bool Drain { get; init; }

        /// <summary>
        /// Why it is taken although some guests have no place elsewhere, now or after a loss: they stay. Empty: then it is refused.
        /// </summary>
        public string Override { get; init; } = "";
    }

    /// <summary>The host gets no new guests, with the reason; or it may again.</summary>
    public sealed record SetQuarantine(HostId Host, bool On, string Reason) : AdminRequest;

    /// <summary>This host is about to be shut down: asked of its own agent.</summary>
    public sealed record Leave(HostId Host, LeavePolicy Policy) : AdminRequest;

    /// <summary>
    /// Take a host out of the cluster for good: one that is proved dead, or never began a session; a live one only by its own agent.
    /// </summary>
    /// <param name="Undrained">A live host need not be in maintenance. It may own no guest in any case.</param>
    public sealed record RemoveHost(HostId Host, bool Undrained) : AdminRequest;
}

/// <summary>The answer to a request: written to the store, or why not. A refusal changes nothing.</summary>
public abstract record AdminReply
{
    private AdminReply()
    {
    }

    public sealed record Accepted(string What) : AdminReply;

    /// <summary>What was wrong, with which value, and what to do.</summary>
    public sealed record Refused(string Why) : AdminReply;

    /// <summary>The store did not answer in time; look with <c>mainstay status</c> before asking again.</summary>
    public sealed record Unknown(string Why) : AdminReply;
}
