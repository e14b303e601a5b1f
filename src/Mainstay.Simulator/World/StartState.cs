using Mainstay.Core.Model;
using Mainstay.Core.Ordering;
using Mainstay.Core.Rules;

namespace Mainstay.Simulator.World;

/// <summary>How a world begins: all hosts joined, the protected guests adopted where they are.</summary>
internal sealed record StartState(
    ValueList<HostStart> Hosts,
    ValueList<GuestStart> Guests,
    TimingProfile Profile,
    ulong Seed,
    bool ImageLocks,
    TimeSpan BootTime)
{
    /// <summary>How often a scenario may clone a host.</summary>
    public const int MostClones = 2;

    /// <summary>The most machines there can be: the hosts, and clones of them.</summary>
    public int Machines => Hosts.Count + MostClones;

    /// <summary>Storages from which hosts can be cut off.</summary>
    public ValueList<StorageStart> Storages { get; init; }

    /// <summary>Processors of a machine; a clone has as many as any.</summary>
    public int CoresOf(int index) => index < Hosts.Count ? Hosts[index].Cores : HostStart.DefaultCores;

    /// <summary>Somebody says what guests need or hosts have: agents look for it.</summary>
    public bool SpeaksOfNeeds =>
        Guests.Any(guest => !guest.Needs.IsEmpty || guest.Vcpus > 0 || guest.InPages) || Hosts.Any(host => host.Cpus > 0);

    /// <summary>About where guests run.</summary>
    public RuleBook Rules { get; init; } = RuleBook.Empty;
}

/// <param name="Fenced">It has a BMC the cluster may use.</param>
/// <param name="Watchdog">What its watchdog takes to reset it; null when it has none.</param>
internal sealed record HostStart(HostId Id, long MemoryMiB, bool Fenced, TimeSpan? Watchdog)
{
    public const int DefaultCores = 64;

    public int Cores { get; init; } = DefaultCores;

    /// <summary>Its firmware does not tell it from other machines.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Its watchdog is a timer of its kernel.</summary>
    public bool Softdog { get; init; }

    /// <summary>Its agent is of an older version than others.</summary>
    public bool Older { get; init; }

    public ValueList<HostLabel> Labels { get; init; }

    /// <summary>Processors for guests; 0 when it does not say.</summary>
    public int Cpus { get; init; }

    /// <summary>Memory in huge pages of 2 MiB, besides the other.</summary>
    public long PagesMiB { get; init; }

    /// <summary>What guests need and it has not.</summary>
    public ValueList<string> Lacks { get; init; }

    /// <summary>It runs no guests and has no BMC.</summary>
    public bool Witness { get; init; }
}

/// <param name="Running">It runs at the start; otherwise it is only defined.</param>
internal sealed record GuestStart(
    GroupId Id, long MemoryMiB, HostId On, bool Protected, bool Running, bool Autostart, GuestShutdownPolicy OnShutdown)
{
    public IsolationPolicy OnIsolation { get; init; }

    /// <summary>The guest whose definition, UUID and all, was copied for this one; null when it has a UUID of its own.</summary>
    public GroupId? CopyOf { get; init; }

    public StorageProofPolicy StorageProof { get; init; }

    /// <summary>The storage of each of its disks, or <c>local</c>.</summary>
    public ValueList<string> Disks { get; init; }

    public RepeatedLossPolicy OnRepeatedLoss { get; init; }

    /// <summary>What it needs on its host: <c>bridge:br1</c> and the like.</summary>
    public ValueList<string> Needs { get; init; }

    /// <summary>Processors that are counted; 0 when they are not.</summary>
    public int Vcpus { get; init; }

    /// <summary>Its memory lies in huge pages of 2 MiB.</summary>
    public bool InPages { get; init; }

    /// <summary>0 to 4.</summary>
    public int Tier { get; init; } = GroupSpec.DefaultTier;

    public Yielding Yields { get; init; }

    public GroupOrder Order { get; init; } = GroupOrder.None;

    /// <summary>So long after a start its agent answers; null: never.</summary>
    public TimeSpan? AgentAfter { get; init; }
}
