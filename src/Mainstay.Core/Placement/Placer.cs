using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement.Packing;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Placement;

/// <summary>
/// Chooses hosts for groups: constraint, then score, then choice, with every host's result kept. Deterministic; ties go to the host whose
/// name comes first (S8). Memory is the hard constraint (S6). How all of them fit is the packer's part.
/// </summary>
internal sealed class Placer
{
    private const int FailurePenalty = 100_000;
    private const int PreferenceBonus = 50_000;
    private const int GroupPenalty = 10;

    private static readonly ImmutableArray<string> Dimensions = ["memory"];
    private readonly SortedDictionary<HostId, Candidate> candidates = [];
    private readonly List<(GroupId Group, GroupSpec Spec, HostId Host)> yielding = [];
    private readonly List<(HostId Host, long MemoryMiB)> leaving = [];

    /// <param name="view">The cluster as stored.</param>
    /// <param name="unfit">Why a host cannot take guests now although it is online; null when it can.</param>
    public Placer(ClusterView view, Func<HostId, string?> unfit)
    {
        foreach (var (host, config) in view.Hosts)
            candidates[host] = Judge(view, host, config.Value, unfit);
        foreach (var (group, own) in view.Ownerships)
        {
            foreach (var place in Places(view, group, own.Value))
            {
                if (candidates.TryGetValue(place, out var candidate) && view.Groups.TryGetValue(group, out var spec))
                {
                    candidate.Take(spec.Value.MemoryMiB);
                    Note(view, group, own.Value, spec.Value, place);
                }
            }
        }
    }

    /// <summary>
    /// Places all groups together, and takes their memory from the chosen hosts, so that the next ones see it gone.
    /// </summary>
    /// <returns>A decision for each, in the same order.</returns>
    public ImmutableArray<PlacementDecision> Place(IReadOnlyList<PlacementWish> wishes)
    {
        var hosts = candidates.ToArray();
        var world = new PackingWorld(
            Dimensions, [.. hosts.Select(host => Host(host, host.Value.FreeMiB))], [.. wishes.Select(wish => Waiting(wish, hosts))], []);
        var arrangement = new Arrangement(world);
        Packer.Place(world, arrangement, [.. Enumerable.Range(0, wishes.Count)]);
        ImmutableArray<PlacementDecision> decisions = [.. wishes.Select((wish, group) => Explain(wish, group, arrangement, hosts))];
        for (var group = 0; group < wishes.Count; group++)
        {
            if (arrangement.At(group) is { } host)
                hosts[host].Value.Take(wishes[group].Spec.MemoryMiB);
        }

        return decisions;
    }

    public PlacementDecision Place(PlacementWish wish) => Place([wish])[0];

    /// <summary>
    /// For groups that found no place: which running groups have to leave their hosts, so that some of them find one. Room that is coming
    /// free by itself is taken before anybody is disturbed for more.
    /// </summary>
    public ImmutableArray<Yield> MakeRoom(IReadOnlyList<PlacementWish> wishes)
    {
        if (yielding.Count == 0 || wishes.Count == 0)
            return [];
        var hosts = candidates.ToArray();
        var coming = leaving.Concat(yielding.Select(own => (own.Host, own.Spec.MemoryMiB)))
            .GroupBy(own => own.Item1, own => own.Item2).ToImmutableSortedDictionary(host => host.Key, host => host.Sum());
        var world = new PackingWorld(
            Dimensions,
            [.. hosts.Select(host => Host(host, host.Value.FreeMiB + coming.GetValueOrDefault(host.Key)))],
            [.. wishes.Select(wish => Waiting(wish, hosts)), .. yielding.Select(own => Running(own, hosts))],
            []);
        var plan = Packer.Place(world, new Arrangement(world), [.. Enumerable.Range(0, wishes.Count)]);
        return
        [
            .. plan.Moves.Select(move => Leaves(move.Group, hosts[move.Host].Key)),
            .. plan.Stopped.Select(group => Leaves(group, null)),
        ];

        Yield Leaves(int group, HostId? to)
        {
            var own = yielding[group - wishes.Count];
            return new Yield(own.Group, own.Host, to, wishes[Beneficiary(plan, hosts, own.Host)].Group);
        }
    }

    // Whoever takes its place; for one that leaves so that another may leave, the first that finds one at all.
    private static int Beneficiary(PackingPlan plan, KeyValuePair<HostId, Candidate>[] hosts, HostId from) =>
        plan.Placed.Where(step => hosts[step.Host].Key == from).Concat(plan.Placed).First().Group;

    // What is on its way out gives its memory back by itself.
    private void Note(ClusterView view, GroupId group, OwnershipRecord own, GroupSpec spec, HostId host)
    {
        if (own.Phase is OwnershipPhase.Releasing || (own.Phase is OwnershipPhase.Claimed && spec.Desired == DesiredState.Stopped))
            leaving.Add((host, spec.MemoryMiB));
        else if (own.Phase is OwnershipPhase.Claimed && spec.Yields != Yielding.Never && !view.IsSuspended(group))
            yielding.Add((group, spec, host));
    }

    private static PackingHost Host(KeyValuePair<HostId, Candidate> host, long freeMiB) =>
        new(host.Key.Name, [host.Value.MemoryMiB], [freeMiB], [], host.Value.Burden, host.Value.Unfit is null);

    private static PackingGroup Waiting(PlacementWish wish, KeyValuePair<HostId, Candidate>[] hosts) => new(
        wish.Group.Name, wish.Spec.Tier, [wish.Spec.MemoryMiB], HostSet.Of(hosts.Length, host => hosts[host].Key != wish.NotOn), null)
    {
        Wishes = Points(wish, hosts),
    };

    private static PackingGroup Running((GroupId Group, GroupSpec Spec, HostId Host) own, KeyValuePair<HostId, Candidate>[] hosts) => new(
        own.Group.Name,
        own.Spec.Tier,
        [own.Spec.MemoryMiB],
        HostSet.All(hosts.Length),
        Array.FindIndex(hosts, host => host.Key == own.Host),
        own.Spec.Yields);

    // As all others are placed: what the host would have for this one.
    private static PlacementDecision Explain(
        PlacementWish wish, int group, Arrangement arrangement, KeyValuePair<HostId, Candidate>[] hosts)
    {
        var chosen = arrangement.At(group);
        arrangement.Take(group);
        var scores = hosts.Select((host, i) =>
        {
            var rejected = host.Key == wish.NotOn ? "it is to leave this host" : Reject(host.Value, arrangement.Free(0, i), wish.Spec);
            return new HostScore(host.Key, rejected is null ? (long)arrangement.Score(group, i, tight: false) : 0, rejected);
        }).ToValueList();
        if (chosen is { } place)
            arrangement.Put(group, place);
        return new PlacementDecision(wish.Own.Epoch.Next, chosen is { } index ? hosts[index].Key : null, wish.Because, scores);
    }

    private static ValueList<PackingWish> Points(PlacementWish wish, KeyValuePair<HostId, Candidate>[] hosts)
    {
        var points = new List<PackingWish>();
        for (var i = 0; i < hosts.Length; i++)
        {
            var sum = (wish.Spec.PreferredHost == hosts[i].Key ? PreferenceBonus : 0)
                - (FailurePenalty * wish.Own.Failures.Count(failure => failure.Host == hosts[i].Key));
            if (sum != 0)
                points.Add(new PackingWish(i, sum));
        }

        return points.ToValueList();
    }

    // What comes out of a backup says nothing about where a guest takes memory: it does where it runs.
    private static ValueList<HostId> Places(ClusterView view, GroupId group, OwnershipRecord own) =>
        view.IsSuspended(group) ? RestoreRules.RunningOn(view, group) : TakesMemory(view, own) is { } place ? [place] : [];

    // What an ended session owned runs nowhere: it takes no memory of the host's present life.
    private static HostId? TakesMemory(ClusterView view, OwnershipRecord own) =>
        OwnershipRules.OwnerOf(own) is { } owner
            && (view.HasProof(owner) || view.Sessions.GetValueOrDefault(owner.Host)?.Value.Session != owner.Session)
            ? null
            : OwnershipRules.PlaceOf(own);

    private static Candidate Judge(ClusterView view, HostId host, HostConfig config, Func<HostId, string?> unfit)
    {
        var session = view.OnlineSession(host);
        var load = view.Loads.GetValueOrDefault(host)?.Value;
        var why = config.Witness ? "it is a witness"
            : session is null ? "not online"
            : view.Sessions[host].Value.Leaving is not null ? "it is being shut down"
            : SpentRules.Of(view, host) is { IsEmpty: false } storages ? $"it is cut off from {string.Join(", ", storages)}"
            : SpentRules.IsEnding(view, host) ? "its session is about to end"
            : config.Maintenance ? "in maintenance"
            : view.Quarantines.GetValueOrDefault(host)?.Value is { } quarantine ? $"in quarantine: {quarantine.Why}"
            : load is null || load.Session != session.Value.Session ? "its capacity is not known yet"
            : !load.HypervisorOk ? "its libvirtd does not answer"
            : unfit(host);
        return new Candidate(why, load?.MemoryMiB ?? 0, (load?.MemoryMiB ?? 0) - (load?.UsedMiB ?? 0), load?.LoadPercent ?? 0);
    }

    private static string? Reject(Candidate candidate, double freeMiB, GroupSpec spec) =>
        candidate.Unfit ?? (freeMiB < spec.MemoryMiB
            ? string.Create(CultureInfo.InvariantCulture, $"needs {spec.MemoryMiB} MiB, {Math.Max(0, freeMiB):0} MiB free")
            : null);

    private sealed class Candidate(string? unfit, long memoryMiB, long freeMiB, int loadPercent)
    {
        public string? Unfit { get; } = unfit;

        public long MemoryMiB { get; } = memoryMiB;

        public long FreeMiB { get; private set; } = freeMiB;

        /// <summary>Percent of processor load, and what the groups that belong to the host count.</summary>
        public int Burden { get; private set; } = loadPercent;

        public void Take(long memoryMiB) => (FreeMiB, Burden) = (FreeMiB - memoryMiB, Burden + GroupPenalty);
    }
}
