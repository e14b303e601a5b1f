namespace Mainstay.Core.Model;

/// <summary>The name of one fact in the cluster store. The adapter maps it to an etcd key.</summary>
public abstract record StoreKey : IComparable<StoreKey>
{
    private StoreKey(int rank, string first, string second = "") => (Rank, First, Second) = (rank, first, second);

    private int Rank { get; }

    private string First { get; }

    private string Second { get; }

    /// <summary>Cluster-wide settings: <see cref="ClusterSettings"/>.</summary>
    public sealed record Cluster() : StoreKey(0, "");

    /// <summary>Who leads: <see cref="LeaderRecord"/>. Its modification revision is the term.</summary>
    public sealed record Leader() : StoreKey(1, "");

    /// <summary>A host as configured: <see cref="HostConfig"/>.</summary>
    public sealed record Host(HostId Id) : StoreKey(2, Id.Name);

    /// <summary>The current life of a host: <see cref="SessionRecord"/>.</summary>
    public sealed record Session(HostId Id) : StoreKey(3, Id.Name);

    /// <summary>The fencing of one session and the proofs collected: <see cref="FenceRecord"/>.</summary>
    public sealed record Fence(HostSession Target) : StoreKey(4, Target.Host.Name, Target.Session.ToString());

    /// <summary>A protected group: <see cref="GroupSpec"/>.</summary>
    public sealed record Group(GroupId Id) : StoreKey(5, Id.Name);

    /// <summary>Who owns a group: <see cref="OwnershipRecord"/>.</summary>
    public sealed record Ownership(GroupId Id) : StoreKey(6, Id.Name);

    /// <summary>What a host has to give, published by its agent: <see cref="HostLoad"/>.</summary>
    public sealed record Load(HostId Id) : StoreKey(7, Id.Name);

    /// <summary>The last placement decision of a group, with what was rejected: <see cref="PlacementDecision"/>.</summary>
    public sealed record Decision(GroupId Id) : StoreKey(8, Id.Name);

    /// <summary>Who keeps the leases: <see cref="KeeperSet"/>.</summary>
    public sealed record Keepers() : StoreKey(9, "");

    /// <summary>The current beacon of a host as a keeper: <see cref="KeeperRecord"/>.</summary>
    public sealed record Keeper(HostId Id) : StoreKey(10, Id.Name);

    /// <summary>A guest that is about to be protected: <see cref="AdoptionRecord"/>.</summary>
    public sealed record Adoption(GroupId Id) : StoreKey(11, Id.Name);

    /// <summary>What a host found when it was asked to look: <see cref="HostSighting"/>.</summary>
    public sealed record Sighting(HostId Id) : StoreKey(12, Id.Name);

    /// <summary>A machine that wants to join as this host and waits: <see cref="ArrivalRecord"/>.</summary>
    public sealed record Arrival(HostId Id) : StoreKey(13, Id.Name);

    /// <summary>A storage that hosts can be cut off from: <see cref="StorageConfig"/>.</summary>
    public sealed record Storage(string Name) : StoreKey(20, Name);

    /// <summary>What is asked of where guests run: <see cref="Mainstay.Core.Rules.RuleBook"/>.</summary>
    public sealed record Rules() : StoreKey(30, "");

    /// <summary>What a host has of all that guests need: <see cref="HostOffer"/>.</summary>
    public sealed record Offer(HostId Id) : StoreKey(31, Id.Name);

    /// <summary>That a host is not well and gets no new guests: <see cref="QuarantineRecord"/>.</summary>
    public sealed record Quarantine(HostId Id) : StoreKey(17, Id.Name);

    /// <summary>How long the last recoveries of a group took: <see cref="Times.RecoveryTimes"/>.</summary>
    public sealed record Recovery(GroupId Id) : StoreKey(40, Id.Name);

    public int CompareTo(StoreKey? other)
    {
        if (other is null)
            return 1;
        if (Rank != other.Rank)
            return Rank.CompareTo(other.Rank);
        var first = string.CompareOrdinal(First, other.First);
        return first != 0 ? first : string.CompareOrdinal(Second, other.Second);
    }

    public sealed override string ToString() => (Rank, Second) switch
    {
        (0, _) => "cluster",
        (1, _) => "leader",
        (2, _) => $"host/{First}",
        (3, _) => $"session/{First}",
        (4, _) => $"fence/{First}/{Second}",
        (5, _) => $"group/{First}",
        (6, _) => $"own/{First}",
        (7, _) => $"load/{First}",
        (8, _) => $"decision/{First}",
        (9, _) => "keepers",
        (10, _) => $"keeper/{First}",
        (11, _) => $"adoption/{First}",
        (12, _) => $"sighting/{First}",
        (13, _) => $"arrival/{First}",
        (17, _) => $"quarantine/{First}",
        (20, _) => $"storage/{First}",
        (30, _) => "rules",
        (31, _) => $"offer/{First}",
        (40, _) => $"recovery/{First}",
        _ => throw new InvalidOperationException($"The key of rank {Rank} has no text."),
    };

    /// <summary>Reads what <see cref="ToString"/> wrote; false for a key this version does not know.</summary>
    public static bool TryParse(string text, out StoreKey key)
    {
        var parts = text.Split('/');
        StoreKey? parsed = parts switch
        {
            ["cluster"] => new Cluster(),
            ["leader"] => new Leader(),
            ["host", var h] => new Host(new HostId(h)),
            ["session", var h] => new Session(new HostId(h)),
            ["fence", var h, var s] when SessionId.TryParse(s, out var session) => new Fence(new HostSession(new HostId(h), session)),
            ["group", var g] => new Group(new GroupId(g)),
            ["own", var g] => new Ownership(new GroupId(g)),
            ["load", var h] => new Load(new HostId(h)),
            ["decision", var g] => new Decision(new GroupId(g)),
            ["keepers"] => new Keepers(),
            ["rules"] => new Rules(),
            ["offer", var h] => new Offer(new HostId(h)),
            ["storage", var s] => new Storage(s),
            ["keeper", var h] => new Keeper(new HostId(h)),
            ["adoption", var g] => new Adoption(new GroupId(g)),
            ["sighting", var h] => new Sighting(new HostId(h)),
            ["arrival", var h] => new Arrival(new HostId(h)),
            ["recovery", var g] => new Recovery(new GroupId(g)),
            ["quarantine", var h] => new Quarantine(new HostId(h)),
            _ => null,
        };
        key = parsed ?? new Cluster();
        return parsed is not null;
    }
}
