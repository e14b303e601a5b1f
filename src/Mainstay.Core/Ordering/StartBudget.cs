using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Ordering;

/// <summary>
/// How many starts this host has under way, and how many it may have: by its processors and by how long starts take, for the host and for
/// each storage; all hosts together no more than 200. A start is under way until the hypervisor says that the guest runs.
/// </summary>
internal sealed class StartBudget(NodeState state)
{
    private const int InCluster = 200;
    private const int MostHere = 16;
    private const int OnStorage = 8;
    private const int MostOnStorage = 64;

    private readonly SortedDictionary<GroupId, ValueList<string>> underWay = [];
    private readonly SortedDictionary<string, StartWindow> storages = new(StringComparer.Ordinal);
    private (int Cores, StartWindow Window) host = (-1, new StartWindow(2, MostHere));
    private (object? From, int Hosts) share;

    public int UnderWay => underWay.Count;

    public IEnumerable<GroupId> Groups => underWay.Keys;

    /// <summary>An eighth of the processors, at least two and at most eight: where a host begins that has measured nothing.</summary>
    public static int First(int cores) => Math.Clamp(cores / 8, 2, 8);

    /// <summary>Why this start has to wait for others to be over; null when there is room.</summary>
    public string? Full(GroupSpec spec)
    {
        var here = Math.Min(HostWindow().Size, Math.Max(1, InCluster / HostsWithStarts()));
        if (underWay.Count >= here)
            return $"{underWay.Count} {(underWay.Count == 1 ? "start" : "starts")} under way on {state.Self}";
        foreach (var storage in StoragesOf(spec))
        {
            var count = underWay.Values.Count(used => used.Contains(storage));
            if (storages.TryGetValue(storage, out var window) && count >= window.Size)
                return $"{count} {(count == 1 ? "start" : "starts")} under way on {storage}, which is slow";
        }

        return null;
    }

    public void Begin(GroupId group, GroupSpec spec) => underWay[group] = StoragesOf(spec);

    /// <summary>It is over, one way or another; how long it took when it succeeded.</summary>
    public void End(GroupId group, TimeSpan? took)
    {
        if (!underWay.Remove(group, out var used) || took is not { } time)
            return;
        HostWindow().Took(time);
        foreach (var storage in used)
        {
            if (!storages.TryGetValue(storage, out var window))
                storages[storage] = window = new StartWindow(OnStorage, MostOnStorage);
            window.Took(time);
        }
    }

    private StartWindow HostWindow()
    {
        var cores = state.View.Loads.GetValueOrDefault(state.Self)?.Value.Cores ?? 0;
        if (cores != host.Cores)
            host = (cores, new StartWindow(First(cores), MostHere));
        return host.Window;
    }

    // Each has an equal share: nobody has to ask anybody.
    private int HostsWithStarts()
    {
        if (!ReferenceEquals(share.From, state.View.Ownerships))
        {
            var hosts = new SortedSet<HostId>();
            foreach (var own in state.View.Ownerships.Values)
            {
                if (own.Value is { HasRun: false, Phase: OwnershipPhase.Assigned or OwnershipPhase.Claimed }
                    && OwnershipRules.PlaceOf(own.Value) is { } place)
                    hosts.Add(place);
            }

            share = (state.View.Ownerships, Math.Max(1, hosts.Count));
        }

        return share.Hosts;
    }

    // A storage is the one that the cluster knows by name, or else the directory.
    private ValueList<string> StoragesOf(GroupSpec spec)
    {
        if (spec.Disks.IsEmpty)
            return [];
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var disk in spec.Disks)
        {
            var named = state.View.Storages.FirstOrDefault(storage => storage.Value.Value.Holds(disk)).Key;
            found.Add(named ?? disk[..Math.Max(0, disk.LastIndexOf('/'))]);
        }

        return found.ToValueList();
    }
}
