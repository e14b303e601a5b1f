using System.Collections.Immutable;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Engine.Shell;

/// <summary>What this agent sees at one moment: immutable, read by the API from anywhere.</summary>
public sealed record ShellSight
{
    public required ClusterView View { get; init; }

    /// <summary>Who is heard.</summary>
    public required Hearing Hearing { get; init; }

    /// <summary>This host's session; null while it is not a member.</summary>
    public SessionId? Session { get; init; }

    /// <summary>The local beacon answers.</summary>
    public bool BeaconConnected { get; init; }

    /// <summary>The store answers linearizable requests.</summary>
    public bool StoreReachable { get; init; }

    public string StoreWhy { get; init; } = "the store was not read yet";

    /// <summary>Why the store does not take writes although it answers, such as a full disk; null when it does.</summary>
    public string? WriteFault { get; init; }

    /// <summary>What starts on this host wait for.</summary>
    public ImmutableSortedDictionary<GroupId, string> WaitingStarts { get; init; } = ImmutableSortedDictionary<GroupId, string>.Empty;

    /// <summary>The last revision of the store seen here.</summary>
    public long Revision { get; init; }
}
