using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Core.Capacity;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Balance;

/// <summary>
/// Proposes moves that even out how hosts are used: the best one, then the best after that, while it is worth a guest's shutdown. No move
/// breaks a rule, also none that only should hold, lets a host hold more than it has, or takes room that is kept for a loss. It decides
/// nothing: a person asks for the moves (<c>docs/decisions/0039</c>).
/// </summary>
public static class Balancer
{
    /// <summary>A move is worth it when the imbalance falls by so many percent points.</summary>
    public const double LeastGain = 2;

    public const int UsualMoves = 5;

    public const int MostMoves = 50;

    /// <summary>So many of the best moves are tried against rules and capacity before a step is given up.</summary>
    private const int MostTried = 100;

    /// <param name="view">The cluster as stored.</param>
    /// <param name="unfit">Why a host cannot take guests although it is online; null when it can.</param>
    /// <param name="moves">At most so many.</param>
    public static BalancePlan Of(ClusterView view, Func<HostId, string?> unfit, int moves = UsualMoves)
    {
        view = Strict(view);
        var (before, scales) = (Weigh(view, unfit), Weigh(view, unfit));
        var (steps, moved, more) = (new List<BalanceMove>(), new SortedSet<GroupId>(), false);
        while (Best(view, unfit, scales, moved) is { } step)
        {
            if (steps.Count == moves)
            {
                more = true;
                break;
            }

            steps.Add(step);
            moved.Add(step.Group);
            scales.Move(step.From, step.To, view.Groups[step.Group].Value.HostMemoryMiB);
            view = Moved(view, step.Group, step.To);
        }

        var hosts = before.Hosts.Select(host => new HostUse(
            host, before.Use(host).Memory, scales.Use(host).Memory, before.Use(host).Cpu, scales.Use(host).Cpu));
        return new BalancePlan(Rounded(before.Imbalance()), Rounded(scales.Imbalance()), hosts.ToValueList(), steps.ToValueList(), more);
    }

    // What should hold is not broken for the sake of balance.
    private static ClusterView Strict(ClusterView view) => view.Rules.Any(rule => rule.Should)
        ? Supposed(view, new StoreKey.Rules(), new RuleBook(view.Rules.Select(rule => rule with { Should = false }).ToValueList()))
        : view;

    private static Scales Weigh(ClusterView view, Func<HostId, string?> unfit)
    {
        var (scales, dimensions) = (new Scales(), Dimensions.Of(view));
        foreach (var (host, config) in view.Hosts)
        {
            if (Candidate.Judge(view, host, config.Value, unfit, dimensions) is not { Faults.IsEmpty: true })
                continue;
            var load = view.Loads[host].Value;
            scales.Add(host, load.MemoryMiB, load.UsedMiB + ProtectedMiB(view, host), load.LoadPercent);
        }

        return scales;
    }

    private static long ProtectedMiB(ClusterView view, HostId host) =>
        view.Ownerships.Where(own => OwnershipRules.PlaceOf(own.Value.Value) == host)
            .Sum(own => view.Groups.GetValueOrDefault(own.Key)?.Value.HostMemoryMiB ?? 0);

    private static BalanceMove? Best(ClusterView view, Func<HostId, string?> unfit, Scales scales, SortedSet<GroupId> moved)
    {
        var all = Candidates(view, scales, moved)
            .Select(move => (Move: move, Gain: scales.Gain(move.From, move.To, view.Groups[move.Group].Value.HostMemoryMiB)))
            .Where(move => move.Gain >= LeastGain)
            .OrderByDescending(move => move.Gain).ThenBy(move => move.Move.Group).ThenBy(move => move.Move.To);
        Placer? placer = null;
        ImmutableSortedSet<GroupId>? stranded = null;
        foreach (var ((group, from, to), gain) in all.Take(MostTried))
        {
            placer ??= new Placer(view, unfit);
            var wish = new PlacementWish(group, view.Groups[group].Value, view.Ownerships[group].Value, "balance", from);
            if (!placer.WhyNot(wish, to).IsEmpty)
                continue;
            stranded ??= [.. CapacityBoard.Of(view, unfit).Stranded];
            if (!stranded.IsSupersetOf(CapacityBoard.Of(Moved(view, group, to), unfit).Stranded))
                continue;
            return new BalanceMove(group, from, to, Rounded(gain), Why(scales, from, to));
        }

        return null;
    }

    private static IEnumerable<(GroupId Group, HostId From, HostId To)> Candidates(
        ClusterView view, Scales scales, SortedSet<GroupId> moved)
    {
        foreach (var (group, own) in view.Ownerships)
        {
            if (moved.Contains(group) || !IsMovable(view, group, own.Value, scales) || OwnershipRules.PlaceOf(own.Value) is not { } host)
                continue;
            foreach (var to in scales.Hosts)
            {
                if (to != host && !IsWanted(view.Groups[group].Value, host, to))
                    yield return (group, host, to);
            }
        }
    }

    // What is on its way, or was not seen running yet, is left alone.
    private static bool IsMovable(ClusterView view, GroupId group, OwnershipRecord own, Scales scales) =>
        own is { Phase: OwnershipPhase.Claimed { Owner: var owner }, HasRun: true } && view.IsOnline(owner) && scales.Has(owner.Host)
        && view.Groups.GetValueOrDefault(group) is { Value.Desired: DesiredState.Running } && !view.IsSuspended(group);

    // Somebody asked for it to be where it is.
    private static bool IsWanted(GroupSpec spec, HostId from, HostId to) => spec.Prefers.Contains(from) && !spec.Prefers.Contains(to);

    private static ClusterView Moved(ClusterView view, GroupId group, HostId to) => view.OnlineSession(to) is { } session
        ? Supposed(view, new StoreKey.Ownership(group), view.Ownerships[group].Value with { Phase = new OwnershipPhase.Claimed(session) })
        : view;

    private static ClusterView Supposed(ClusterView view, StoreKey key, StoreValue value) =>
        view.With(new StoreEntry(key, value, view.RevisionOf(key) + 1));

    private static string Why(Scales scales, HostId from, HostId to)
    {
        var (gives, takes) = (scales.Use(from), scales.Use(to));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{from} has {gives.Memory:0} % of its memory and {gives.Cpu:0} % of its processors in use, {to} {takes.Memory:0} % and "
            + $"{takes.Cpu:0} %");
    }

    private static double Rounded(double points) => Math.Round(points, 1);
}
