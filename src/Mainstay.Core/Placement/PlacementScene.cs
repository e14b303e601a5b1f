using System.Collections.Immutable;
using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Core.Placement.Packing;
using Mainstay.Core.Recovery;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Placement;

/// <summary>
/// One question to the packing engine: hosts with what is free on them, guests that want a place, running ones that may make room, and
/// those that only stand where they are because a rule is about them.
/// </summary>
internal sealed class PlacementScene
{
    /// <summary>In a cluster of more hosts a decision keeps what the score is made of for the best three only.</summary>
    private const int MostExplained = 8;

    private const int FailurePenalty = 100_000;
    private const int WishBonus = 50_000;
    private const int PreferenceBonus = 20_000;
    private const int PreferenceStep = 1_000;

    private readonly KeyValuePair<HostId, Candidate>[] hosts;
    private readonly PlacementWish[] wishes;
    private readonly SortedDictionary<string, HostSet> fitting = new(StringComparer.Ordinal);
    private readonly Dimensions dimensions;
    private readonly RuleBoard rules;
    private readonly ImmutableArray<GroupId> groups;

    /// <param name="hosts">In the order of their names.</param>
    /// <param name="dimensions">What is counted.</param>
    /// <param name="rules">On these hosts.</param>
    /// <param name="settled">Where guests are that a rule between guests is about.</param>
    /// <param name="wishes">Guests that want a place.</param>
    /// <param name="yielding">Running guests that may make room, with their hosts.</param>
    /// <param name="coming">Per host, what becomes free by itself or when those that yield are gone.</param>
    public PlacementScene(
        KeyValuePair<HostId, Candidate>[] hosts,
        Dimensions dimensions,
        RuleBoard rules,
        IReadOnlyDictionary<GroupId, HostId> settled,
        IReadOnlyList<PlacementWish> wishes,
        IReadOnlyList<YieldingGroup> yielding,
        IReadOnlyDictionary<HostId, long[]> coming)
    {
        (this.hosts, this.dimensions, this.rules) = (hosts, dimensions, rules);
        this.wishes = [.. wishes, .. yielding.Select(own => new PlacementWish(own.Group, own.Spec, own.Own, "it runs"))];
        GroupId[] moving = [.. this.wishes.Select(wish => wish.Group)];
        var standing = settled.Count == 0 ? [] : settled.Where(pair => Array.IndexOf(moving, pair.Key) < 0).ToArray();
        groups = [.. moving, .. standing.Select(pair => pair.Key)];
        World = new PackingWorld(
            dimensions.Names,
            [.. hosts.Select((host, i) => Host(host, i, coming.GetValueOrDefault(host.Key) ?? []))],
            [
                .. wishes.Select(Waiting),
                .. yielding.Select(Running),
                .. standing.Select(pair => Standing(pair.Key, pair.Value)),
            ],
            rules.Bound.IsEmpty ? [] : rules.Between(Positions()),
            rules.Kinds);
    }

    public PackingWorld World { get; }

    /// <summary>As all others are placed: what the host would have for this one.</summary>
    public ValueList<HostScore> Scores(int wish, Arrangement arrangement)
    {
        var chosen = arrangement.At(wish);
        arrangement.Take(wish);
        var scores = new HostScore[hosts.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = arrangement.Fits(wish, i)
                ? new HostScore(hosts[i].Key, (long)arrangement.Score(wish, i, tight: false), null)
                : new HostScore(hosts[i].Key, 0, string.Join("; ", Reasons(wish, i, arrangement, all: false)));
        }

        foreach (var i in scores.Length <= MostExplained ? [.. Enumerable.Range(0, scores.Length)] : BestThree(scores))
        {
            if (i >= 0 && scores[i].Rejected is null)
                scores[i] = scores[i] with { Parts = Parts(wish, i, arrangement) };
        }

        if (chosen is { } place)
            arrangement.Put(wish, place);
        return [.. scores];
    }

    private static int[] BestThree(HostScore[] scores)
    {
        var (first, second, third) = (-1, -1, -1);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i].Rejected is not null)
                continue;
            if (first < 0 || scores[i].Score > scores[first].Score)
                (first, second, third) = (i, first, second);
            else if (second < 0 || scores[i].Score > scores[second].Score)
                (second, third) = (i, second);
            else if (third < 0 || scores[i].Score > scores[third].Score)
                third = i;
        }

        return [first, second, third];
    }

    /// <summary>Why the guest cannot go there, each reason by itself; empty when it can.</summary>
    /// <param name="all">Also what keeps it from a host that takes nobody now.</param>
    public ValueList<string> Reasons(int wish, int host, Arrangement arrangement, bool all)
    {
        var (candidate, asked) = (hosts[host].Value, wishes[wish]);
        var why = new List<string>();
        if (hosts[host].Key == asked.NotOn)
            why.Add("it is to leave this host");
        why.AddRange(all ? candidate.Faults : candidate.Faults.Take(1));
        if (why.Count > 0 && !all)
            return why.Take(1).ToValueList();
        why.AddRange(Fitness.Objections(asked.Spec.Needs, candidate.Offer));
        if (rules.Objection(asked.Group, host) is { } objection)
            why.Add(objection);
        foreach (var rule in World.RulesOf(wish))
        {
            if (World.Rules[rule].Must && !arrangement.Holds(rule, host))
                why.Add(Clash(wish, rule, host, arrangement));
        }

        if (candidate.IsMeasured)
            why.AddRange(dimensions.Lacking(dimensions.Needs(asked.Spec), d => arrangement.Free(d, host)));
        return why.ToValueList();
    }

    private string Clash(int wish, int rule, int host, Arrangement arrangement)
    {
        var kept = World.Rules[rule];
        var place = World.PlaceOf(kept, host);
        var others = kept.Members.Where(member => member != wish && arrangement.At(member) is not null)
            .Select(member => (Group: groups[member], At: arrangement.At(member) ?? 0)).ToArray();
        if (kept.Kind == RuleKind.Apart)
        {
            var there = others.Where(other => World.PlaceOf(kept, other.At) == place).ToArray();
            return $"rule {kept.Name}: {string.Join(", ", there.Select(other => other.Group))} "
                + (there.All(other => other.At == host) ? "runs there" : $"runs in the same {KindOf(kept)}");
        }

        return $"rule {kept.Name}: {string.Join(", ", others.Select(other => $"{other.Group} runs on {hosts[other.At].Key}"))}";
    }

    private string KindOf(PackingRule kept) => rules.Rules.First(rule => rule.Name == kept.Name).By ?? "host";

    private ValueList<ScorePart> Parts(int wish, int host, Arrangement arrangement)
    {
        var (asked, sum) = (wishes[wish], (long)arrangement.Score(wish, host, tight: false));
        ScorePart[] known =
        [
            new("room", (long)arrangement.Room(wish, host)),
            new("load", -hosts[host].Value.LoadPercent),
            new("wish", Wish(asked, host)),
            new("preference", Preference(asked.Spec, host)),
            new("failures", Failures(asked, host)),
            new("rules", rules.Points(asked.Group, host) + Between(wish, host, arrangement)),
        ];
        return known.Append(new ScorePart("guests", sum - known.Sum(part => part.Points))).Where(part => part.Points != 0).ToValueList();
    }

    private long Between(int wish, int host, Arrangement arrangement)
    {
        var sum = 0L;
        foreach (var rule in World.RulesOf(wish))
            sum -= World.Rules[rule].Weight is { } weight && !arrangement.Holds(rule, host) ? weight : 0;
        return sum;
    }

    private SortedDictionary<GroupId, int> Positions()
    {
        var positions = new SortedDictionary<GroupId, int>();
        for (var i = 0; i < groups.Length; i++)
            positions[groups[i]] = i;
        return positions;
    }

    private PackingHost Host(KeyValuePair<HostId, Candidate> host, int at, long[] coming) => new(
        host.Key.Name,
        [.. host.Value.Capacity],
        [.. host.Value.Free.ToArray().Select((free, d) => free + (d < coming.Length ? coming[d] : 0))],
        rules.DomainsOf(at),
        host.Value.Burden,
        host.Value.Unfit is null);

    private PackingGroup Waiting(PlacementWish wish) => new(
        wish.Group.Name,
        wish.Spec.Tier,
        [.. dimensions.Needs(wish.Spec)],
        Allowed(wish),
        null)
    {
        Wishes = Points(wish),
    };

    private PackingGroup Running(YieldingGroup own) =>
        Waiting(new PlacementWish(own.Group, own.Spec, own.Own, "it runs")) with
        {
            At = Array.FindIndex(hosts, host => host.Key == own.Host), Yields = own.Spec.Yields,
        };

    // Its room is counted already.
    private PackingGroup Standing(GroupId group, HostId on) => new(
        group.Name, GroupSpec.LastTier, [.. new long[dimensions.Names.Length]], HostSet.Of(hosts.Length, _ => false),
        Array.FindIndex(hosts, host => host.Key == on));

    // Guests with the same needs and without a rule of their own share one set: there may be a hundred thousand of them.
    private HostSet Allowed(PlacementWish wish)
    {
        var items = wish.Spec.Needs is { Items.IsEmpty: false } needs ? string.Join('\n', needs.Items) : "";
        if (!fitting.TryGetValue(items, out var fit))
            fitting[items] = fit = HostSet.Of(hosts.Length, host => Fitness.Objections(wish.Spec.Needs, hosts[host].Value.Offer).IsEmpty);
        return wish.NotOn is null && !rules.IsAboutHosts(wish.Group)
            ? fit
            : HostSet.Of(hosts.Length, host =>
                fit.Contains(host) && hosts[host].Key != wish.NotOn && rules.Objection(wish.Group, host) is null);
    }

    private ValueList<PackingWish> Points(PlacementWish wish)
    {
        if (wish.Spec is { PreferredHost: null, Prefers.IsEmpty: true } && wish.Own.Failures.IsEmpty && !rules.IsAboutHosts(wish.Group))
            return [];
        var points = new List<PackingWish>();
        for (var i = 0; i < hosts.Length; i++)
        {
            var sum = Wish(wish, i) + Preference(wish.Spec, i) + Failures(wish, i) + rules.Points(wish.Group, i);
            if (sum != 0)
                points.Add(new PackingWish(i, sum));
        }

        return points.ToValueList();
    }

    private long Wish(PlacementWish wish, int host) => wish.Spec.PreferredHost == hosts[host].Key ? WishBonus : 0;

    private long Preference(GroupSpec spec, int host)
    {
        for (var rank = 0; rank < spec.Prefers.Count; rank++)
        {
            if (spec.Prefers[rank] == hosts[host].Key)
                return PreferenceBonus - (PreferenceStep * Math.Min(rank, PreferenceBonus / PreferenceStep / 2));
        }

        return 0;
    }

    private long Failures(PlacementWish wish, int host) =>
        -FailurePenalty * RestartPolicy.Exclusion(wish.Own, hosts[host].Key);
}
