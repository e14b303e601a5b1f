using System.Threading.Channels;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Engine.Ports;

namespace Mainstay.Engine.Shell;

/// <summary>
/// Runs one node: a bounded inbox, one loop that owns the node, effects carried out beside it, and the news of the outside world pumped in.
/// It decides nothing. When any part of it ends or breaks, the whole ends: the process is restarted by its supervisor (C7).
/// </summary>
public sealed class AgentShell : IDisposable
{
    private readonly Channel<ShellEvent> inbox;
    private readonly AgentNode node;
    private readonly ShellPorts ports;
    private readonly EffectLimits limits;
    private readonly EffectExecutor executor;
    private readonly NewsPumps pumps;
    private readonly IFactJournal journal;
    private readonly MonotonicClock clock;
    private readonly Action progressed;

    // Owned by the loop.
    private readonly Dictionary<long, Task> running = [];
    private readonly Dictionary<GroupId, (long Ticket, Task Last)> guestLanes = [];
    private readonly Dictionary<GroupId, (long Ticket, Task Last)> tokenLanes = [];
    private readonly Dictionary<OperationId, TaskCompletionSource<AdminReply>> asked = [];
    private Task markSaved = Task.CompletedTask;
    private long lastTicket, lastRequest;
    private Instant lastProgress;
    private Instant timerDue = Instant.Never;
    private ShellSight sight;

    /// <param name="progressed">Called by the loop about once a second while it makes progress: the service supervisor's sign of
    /// life.</param>
    public AgentShell(
        AgentNode node,
        ShellPorts ports,
        StoreTranslator translator,
        IFactJournal journal,
        EffectLimits limits,
        MonotonicClock clock,
        Action progressed)
    {
        (this.node, this.ports, this.journal, this.limits) = (node, ports, journal, limits);
        (this.clock, this.progressed) = (clock, progressed);
        inbox = Channel.CreateBounded<ShellEvent>(new BoundedChannelOptions(limits.Inbox) { SingleReader = true });
        executor = new EffectExecutor(ports, translator, limits);
        sight = new ShellSight { View = node.View, Hearing = node.Hearing };
        pumps = new NewsPumps(ports, translator, limits, inbox.Writer, journal, () => Sight.View, clock);
    }

    /// <summary>What this agent sees now.</summary>
    public ShellSight Sight => Volatile.Read(ref sight);

    public Instant Now => clock.Now;

    /// <summary>Asks the node; no answer within the limit is Unknown.</summary>
    public async Task<AdminReply> Ask(AdminRequest request, TimeSpan limit, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<AdminReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await inbox.Writer.WriteAsync(new ShellEvent.Asked(request, answer), cancel).AsTask().WaitAsync(limit, cancel)
                .ConfigureAwait(false);
            return await answer.Task.WaitAsync(limit, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            inbox.Writer.TryWrite(new ShellEvent.Forgotten(answer));
            var why = Sight.StoreReachable ? "" : $" (the store does not answer: {Sight.StoreWhy})";
            return new AdminReply.Unknown($"no answer within {limit.TotalSeconds:0.#} s{why}");
        }
        catch (ChannelClosedException)
        {
            return new AdminReply.Unknown("the agent is stopping");
        }
    }

    /// <summary>Runs until cancelled. Throws when anything in it breaks.</summary>
    public async Task Run(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts = [Loop(stop.Token), .. pumps.Start(stop.Token)];
        await Task.WhenAny(parts).ConfigureAwait(false);
        var asked = cancel.IsCancellationRequested;
        await stop.CancelAsync().ConfigureAwait(false);
        foreach (var part in parts)
            await EndOf(part).ConfigureAwait(false);
        if (!asked)
            throw new InvalidOperationException("A part of the agent ended although nobody asked it to.");
    }

    public void Dispose()
    {
        executor.Dispose();
        pumps.Dispose();
    }

    private static async Task EndOf(Task part)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for; every other exception is passed on.
        }
    }

    private async Task Loop(CancellationToken cancel)
    {
        using var timer = clock.Time.CreateTimer(
            _ => inbox.Writer.TryWrite(ShellEvent.Woke.Now), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (await inbox.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
            {
                while (inbox.Reader.TryRead(out var next))
                {
                    await Take(next, cancel).ConfigureAwait(false);
                    if (node.NextWake <= clock.Now)
                        Apply(new NodeInput.Tick(), cancel);
                }

                SetTimer(timer);
                ShowProgress(cancel);
            }
        }
        finally
        {
            inbox.Writer.TryComplete();
            if (cancel.IsCancellationRequested)
                await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Take(ShellEvent next, CancellationToken cancel)
    {
        switch (next)
        {
            case ShellEvent.Woke:
                timerDue = Instant.Never;
                break;
            case ShellEvent.Happened happened:
                Apply(happened.Input, cancel);
                break;
            case ShellEvent.Finished finished:
                if (running.Remove(finished.Ticket, out var task) && finished.Answer is null)
                    await task.ConfigureAwait(false);
                if (finished.Answer is { } answer)
                    Apply(answer, cancel);
                break;
            case ShellEvent.Asked question:
                var id = new OperationId(++lastRequest);
                asked.Add(id, question.Answer);
                Apply(new NodeInput.Requested(id, question.Request), cancel);
                break;
            case ShellEvent.Forgotten gone:
                foreach (var (operation, waiting) in asked)
                {
                    if (ReferenceEquals(waiting, gone.Answer))
                    {
                        asked.Remove(operation);
                        break;
                    }
                }

                break;
        }
    }

    private void Apply(NodeInput input, CancellationToken cancel)
    {
        var now = clock.Now;
        foreach (var effect in node.Handle(input, now))
        {
            switch (effect)
            {
                case NodeEffect.Report report:
                    journal.Add(report.Fact, now);
                    break;
                case NodeEffect.Reply reply:
                    if (asked.Remove(reply.Operation, out var waiting))
                        waiting.TrySetResult(reply.Answer);
                    break;
                case NodeEffect.AbandonPowerOff abandon:
                    executor.Abandon(abandon.Operation);
                    break;
                default:
                    Begin(effect, cancel);
                    break;
            }
        }

        Volatile.Write(ref sight, ShellSights.After(sight, input, node));
    }

    private void Begin(NodeEffect effect, CancellationToken cancel)
    {
        var ticket = ++lastTicket;
        running[ticket] = effect switch
        {
            // S4: sent here and now, so that what the beacon is asked after it finds it told.
            NodeEffect.SetUpBeacon e => SetUp(e, cancel) is var sent ? Start(ticket, _ => sent, Task.CompletedTask, cancel) : sent,
            NodeEffect.SaveStoreMark => markSaved = Start(ticket, c => executor.Carry(effect, c), markSaved, cancel),
            NodeEffect.ArmToken e => InLane(tokenLanes, e.Group, ticket, effect, cancel),
            NodeEffect.RevokeToken e => InLane(tokenLanes, e.Group, ticket, effect, cancel),
            NodeEffect.StartGuest e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            NodeEffect.StopGuest e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            NodeEffect.ForgetGuest e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            NodeEffect.SetAutostart e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            NodeEffect.ReadStamps e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            NodeEffect.WriteStamps e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            NodeEffect.RemoveStamps e => InLane(guestLanes, e.Group, ticket, effect, cancel),
            _ => Start(ticket, c => executor.Carry(effect, c), Task.CompletedTask, cancel),
        };
    }

    /// <summary>
    /// Acts on one guest keep their order. Tokens have an order of their own: a revocation must not wait for a start in progress (S4).
    /// </summary>
    private Task InLane(
        Dictionary<GroupId, (long Ticket, Task Last)> lanes, GroupId group, long ticket, NodeEffect effect, CancellationToken cancel)
    {
        var before = lanes.TryGetValue(group, out var lane) && running.ContainsKey(lane.Ticket) ? lane.Last : Task.CompletedTask;
        var task = Start(ticket, c => executor.Carry(effect, c), before, cancel);
        lanes[group] = (ticket, task);
        return task;
    }

    private Task Start(long ticket, Func<CancellationToken, Task<NodeInput?>> carry, Task before, CancellationToken cancel) => Task.Run(
        async () =>
        {
            NodeInput? answer = null;
            try
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                answer = await carry(cancel).ConfigureAwait(false);
            }
            finally
            {
                await inbox.Writer.WriteAsync(new ShellEvent.Finished(ticket, answer), CancellationToken.None).ConfigureAwait(false);
            }
        },
        CancellationToken.None);

    private async Task<NodeInput?> SetUp(NodeEffect.SetUpBeacon effect, CancellationToken cancel)
    {
        await TimeLimit.Within(
            limits.Token,
            async c =>
            {
                await ports.Beacon.SetUp(effect.Setup, c).ConfigureAwait(false);
                return true;
            },
            _ => false,
            cancel).ConfigureAwait(false);
        return null;
    }

    private void SetTimer(ITimer timer)
    {
        if (node.NextWake == timerDue)
            return;
        timerDue = node.NextWake;
        var wait = timerDue == Instant.Never ? Timeout.InfiniteTimeSpan : timerDue - clock.Now;
        timer.Change(wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
    }

    private void ShowProgress(CancellationToken cancel)
    {
        var now = clock.Now;
        if (now - lastProgress < limits.ProgressEvery)
            return;
        lastProgress = now;
        progressed();
        var ticket = ++lastTicket;
        running[ticket] = Start(
            ticket,
            async c =>
            {
                await TimeLimit.Within(
                    limits.Token,
                    async t =>
                    {
                        await ports.Beacon.ShowProgress(t).ConfigureAwait(false);
                        return true;
                    },
                    _ => false,
                    c).ConfigureAwait(false);
                return null;
            },
            Task.CompletedTask,
            cancel);
    }
}
