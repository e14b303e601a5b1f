using System.Collections.Immutable;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Ordering;

/// <summary>
/// The starts that this host is to make: each waits for the groups that go before it, and for room among the starts under way. It is placed
/// and claimed already, so its memory is kept for it. Level-triggered: every wait is looked at anew each time (S8).
/// </summary>
internal sealed class StartQueue
{
    private readonly NodeState state;
    private readonly TierOrder tiers;
    private readonly StartBudget budget;
    private readonly SortedDictionary<GroupId, StartWait> waits = [];
    private readonly SortedSet<GroupId> wanted = [];
    private readonly List<GroupId> gone = [];
    private StartGraph graph = StartGraph.Empty;

    public StartQueue(NodeState state)
    {
        this.state = state;
        tiers = new TierOrder(state, IsSilent);
        budget = new StartBudget(state);
    }

    /// <summary>What each start waits for that is not under way. Immutable: may be read from anywhere.</summary>
    public ImmutableSortedDictionary<GroupId, string> Waiting { get; private set; } = ImmutableSortedDictionary<GroupId, string>.Empty;

    public StartGraph Graph
    {
        get
        {
            if (!ReferenceEquals(graph.Groups, state.View.Groups))
                graph = new StartGraph(state.View.Groups, state.Guards.LiftsTiers);
            return graph;
        }
    }

    /// <summary>This guest is to be started; the next <see cref="Run"/> says whether now.</summary>
    public void Want(GroupId group) => wanted.Add(group);

    /// <summary>The same as when it began to start, by what is known now.</summary>
    public bool IsItsTurn(GroupId group) =>
        !waits.TryGetValue(group, out var wait) || state.View.Ownerships.GetValueOrDefault(group)?.Value is not { } own
        || own.HasRun || own.Epoch != wait.Epoch || !state.View.Groups.TryGetValue(group, out var spec)
        || Order(group, spec.Value, own.Epoch, wait) is null;

    /// <summary>Its start is over; how long it took when it succeeded.</summary>
    public void Ended(GroupId group, TimeSpan? took) => budget.End(group, took);

    /// <summary>Begins what may begin: the more important first, then in the order of the dependencies.</summary>
    /// <param name="isActing">Its start is under way still.</param>
    public void Run(Func<GroupId, bool> isActing, Action<GroupId, GroupSpec> start)
    {
        tiers.Run(Graph);
        gone.AddRange(budget.Groups.Where(group => !isActing(group)));
        foreach (var group in gone)
            budget.End(group, null);
        gone.Clear();
        if (wanted.Count == 0 && waits.Count == 0)
            return;
        foreach (var group in wanted.OrderBy(Graph.TierOf).ThenBy(Graph.DepthOf).ThenBy(group => group).ToArray())
            Begin(group, isActing, start);
        gone.AddRange(waits.Keys.Where(group => !wanted.Contains(group) && state.View.Ownerships.GetValueOrDefault(group)?.Value.Epoch
            != waits[group].Epoch));
        foreach (var group in gone)
            waits.Remove(group);
        gone.Clear();
        Publish();
        wanted.Clear();
    }

    private void Begin(GroupId group, Func<GroupId, bool> isActing, Action<GroupId, GroupSpec> start)
    {
        var (spec, own) = (state.View.Groups[group].Value, state.View.Ownerships[group].Value);
        if (!waits.TryGetValue(group, out var wait) || wait.Epoch != own.Epoch)
            waits[group] = wait = new StartWait(own.Epoch);
        // What has run in this ownership is restarted: it had its turn.
        wait.Why = own.HasRun
            ? null
            : Order(group, spec, own.Epoch, wait) ?? (state.Guards.StartsByTiers ? tiers.Waits(group, Graph) : null);
        if (Graph.TierOf(group) > 0 && state.Guards.StartsFewAtOnce)
            wait.Why ??= budget.Full(spec);
        if (wait.Why is not null)
            return;
        start(group, spec);
        if (isActing(group))
            budget.Begin(group, spec);
    }

    private string? Order(GroupId group, GroupSpec spec, Epoch epoch, StartWait wait)
    {
        if (spec.Order.After.IsEmpty || spec.Order.StartsAtOnceIn == epoch || !state.Guards.StartsInOrder)
            return null;
        string? first = null;
        foreach (var edge in spec.Order.After)
        {
            if (StartOrder.Waits(state.View, edge, IsSilent) is not { } why)
                wait.Since.Remove(edge.On);
            else if (Wait(group, edge, wait, why) is { } still)
                first ??= still;
        }

        return first;
    }

    private string? Wait(GroupId group, StartDependency edge, StartWait wait, string why)
    {
        if (!wait.Since.TryGetValue(edge.On, out var since))
        {
            wait.Since[edge.On] = since = state.Now;
            state.Report(new Fact.StartWaits(group, state.Self, edge.On, edge.GateText, why));
        }

        var until = since + edge.Limit;
        if (state.Now < until)
        {
            state.WakeAt(until);
            return $"after {edge.On} ({edge.GateText}): {why}; at most {StartDependency.Words(edge.Limit)}";
        }

        var isNews = wait.Over.Add(edge.On);
        if (edge.Then == OnLimit.Continue)
        {
            if (isNews)
                state.Report(new Fact.StartOrderGivenUp(group, state.Self, edge.On, why));
            return null;
        }

        var held = $"held after {StartDependency.Words(edge.Limit)}, {why}; mainstay start {group} starts it now";
        if (isNews)
            state.Report(new Fact.StartHeld(group, state.Self, edge.On, held));
        return held;
    }

    // Unknown is not silence; whom somebody hears is not silent.
    private bool IsSilent(HostId host) =>
        host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now)
        && !state.Hearing.AnybodyHears(host, state.Timing.SuspectAfter, state.Now);

    private void Publish()
    {
        var waiting = waits.Where(wait => wanted.Contains(wait.Key) && wait.Value.Why is not null);
        if (waiting.Count() == Waiting.Count && waiting.All(wait => Waiting.GetValueOrDefault(wait.Key) == wait.Value.Why))
            return;
        Waiting = waiting.ToImmutableSortedDictionary(wait => wait.Key, wait => wait.Value.Why ?? "");
    }

    /// <summary>What is known of a group whose start waits, in one ownership.</summary>
    private sealed class StartWait(Epoch epoch)
    {
        public Epoch Epoch { get; } = epoch;

        public string? Why { get; set; }

        /// <summary>Since when it waits for each group that is not through its gate.</summary>
        public SortedDictionary<GroupId, Instant> Since { get; } = [];

        /// <summary>Those for which it has waited as long as it may.</summary>
        public SortedSet<GroupId> Over { get; } = [];
    }
}
