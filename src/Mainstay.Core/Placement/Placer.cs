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
    private const int Tier = 2;

    private static readonly ImmutableArray<string> Dimensions = ["memory"];
    private readonly SortedDictionary<HostId, Candidate> candidates = [];

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
                    candidate.Take(spec.Value.MemoryMiB);
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
            Dimensions,
            [.. hosts.Select(host => new PackingHost(
                host.Key.Name, [host.Value.MemoryMiB], [host.Value.FreeMiB], [], host.Value.Burden, host.Value.Unfit is null))],
            [.. wishes.Select(wish => new PackingGroup(
                wish.Group.Name, Tier, [wish.Spec.MemoryMiB], HostSet.Of(hosts.Length, host => hosts[host].Key != wish.NotOn), null)
            {
                Wishes = Points(wish, hosts),
            })],
            []);
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
