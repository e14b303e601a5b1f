using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Placement;

/// <summary>
/// Chooses a host for one group after the other: constraint, then score, then choice, with every host's result kept. Deterministic; ties
/// go to the host whose name comes first (S8). Memory is the hard constraint (S6).
/// </summary>
internal sealed class Placer
{
    private const int FailurePenalty = 100_000;
    private const int PreferenceBonus = 50_000;
    private const int GroupPenalty = 10;

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

    /// <summary>Places the group and takes its memory from the chosen host, so that the next group sees it gone.</summary>
    public PlacementDecision Place(GroupSpec spec, OwnershipRecord own, string because, HostId? notOn = null)
    {
        var scores = new List<HostScore>();
        (HostId Host, long Score)? best = null;
        foreach (var (host, candidate) in candidates)
        {
            var rejected = host == notOn ? "it is to leave this host" : Reject(candidate, spec);
            var score = rejected is null ? Score(host, candidate, spec, own) : 0;
            scores.Add(new HostScore(host, score, rejected));
            if (rejected is null && (best is null || score > best.Value.Score))
                best = (host, score);
        }

        if (best is { } chosen)
            candidates[chosen.Host].Take(spec.MemoryMiB);
        return new PlacementDecision(own.Epoch.Next, best?.Host, because, scores.ToValueList());
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
            : CutOffRules.Of(view, host) is { IsEmpty: false } storages ? $"it is cut off from {string.Join(", ", storages)}"
            : config.Maintenance ? "in maintenance"
            : view.Quarantines.GetValueOrDefault(host)?.Value is { } quarantine ? $"in quarantine: {quarantine.Why}"
            : load is null || load.Session != session.Value.Session ? "its capacity is not known yet"
            : !load.HypervisorOk ? "its libvirtd does not answer"
            : unfit(host);
        return new Candidate(why, load?.MemoryMiB ?? 0, (load?.MemoryMiB ?? 0) - (load?.UsedMiB ?? 0), load?.LoadPercent ?? 0);
    }

    private static string? Reject(Candidate candidate, GroupSpec spec) =>
        candidate.Unfit ?? (candidate.FreeMiB < spec.MemoryMiB
            ? string.Create(CultureInfo.InvariantCulture, $"needs {spec.MemoryMiB} MiB, {Math.Max(0, candidate.FreeMiB)} MiB free")
            : null);

    // Free memory left in per mille, less one for each percent of CPU load and ten for each group the host has: memory first, and among
    // similar hosts the work is spread, also before the load of what was just placed can be measured.
    private static long Score(HostId host, Candidate candidate, GroupSpec spec, OwnershipRecord own)
    {
        var score = ((candidate.FreeMiB - spec.MemoryMiB) * 1000 / Math.Max(1, candidate.MemoryMiB)) - candidate.LoadPercent
            - (GroupPenalty * candidate.Groups);
        if (spec.PreferredHost == host)
            score += PreferenceBonus;
        foreach (var failure in own.Failures)
        {
            if (failure.Host == host)
                score -= FailurePenalty;
        }

        return score;
    }

    private sealed class Candidate(string? unfit, long memoryMiB, long freeMiB, int loadPercent)
    {
        public string? Unfit { get; } = unfit;

        public long MemoryMiB { get; } = memoryMiB;

        public long FreeMiB { get; private set; } = freeMiB;

        /// <summary>Groups that belong to the host.</summary>
        public int Groups { get; private set; }

        public int LoadPercent { get; } = loadPercent;

        public void Take(long memoryMiB) => (FreeMiB, Groups) = (FreeMiB - memoryMiB, Groups + 1);
    }
}
