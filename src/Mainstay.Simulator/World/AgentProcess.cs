using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>
/// The agent of a host: the core, and what its shell does for it. While it is stopped its inputs wait, in order; a new life is a new core.
/// </summary>
internal sealed class AgentProcess(VirtualWorld world, SimHost host) : SimProcess(world, host, Latency.AgentRestart)
{
    private const int BacklogLimit = 10_000;
    private const int TicksPerSecondLimit = 2_000;

    private readonly Queue<NodeInput> backlog = new();
    private ISimulatedAgent? core;
    private TimeSpan plannedWake = TimeSpan.MaxValue;
    private TimeSpan tickWindow;
    private int ticksInWindow;

    /// <summary>What it was last told about the store.</summary>
    public bool KnowsStore { get; private set; }

    /// <summary>The cluster settings it last saw.</summary>
    public ClusterSettings? KnownSettings { get; private set; }

    /// <summary>When it last did something: its beacon tells the others.</summary>
    public TimeSpan LastProgress { get; private set; }

    /// <summary>Why it thinks that the store takes no writes.</summary>
    public string? WriteFault => core?.WriteFault;

    public string? WhyNotStarted(GroupId group) => core?.WhyNotStarted(group);

    public bool Alive => State != ProcessState.Dead;

    /// <summary>Hands an input to the life it is meant for.</summary>
    public void Deliver(int life, NodeInput input)
    {
        if (life != Life || core is null)
            return;
        if (Runs)
            Handle(core, input);
        else if (backlog.Count < BacklogLimit)
            backlog.Enqueue(input);
    }

    public void Deliver(NodeInput input) => Deliver(Life, input);

    protected override void Started()
    {
        core = World.Agents(new AgentBirth(Host.Id, Host.Boot, World.Chance.Next(), Host.Mark) { Hardware = Host.Hardware });
        backlog.Clear();
        (KnowsStore, KnownSettings, plannedWake) = (false, null, TimeSpan.MaxValue);
        var life = Life;
        World.After(Latency.Local(World.Chance), () => Deliver(life, new NodeInput.Tick()));
        World.After(Latency.Local(World.Chance) * 4, () => Host.Beacon.AgentConnected());
        World.After(Latency.Local(World.Chance) * 8, () => Measure(life));
        World.Etcd.AgentStarted(Host);
    }

    protected override void Died()
    {
        core = null;
        backlog.Clear();
        World.Etcd.AgentGone(Host);
    }

    protected override void Continued()
    {
        while (backlog.Count > 0 && core is { } current && Runs)
            Handle(current, backlog.Dequeue());
        if (core is not null)
            PlanWake();
    }

    private void Handle(ISimulatedAgent agent, NodeInput input)
    {
        Learn(input);
        LastProgress = World.Now;
        var life = Life;
        foreach (var effect in Decide(agent, input).AsSpan())
        {
            World.Checks.AgentActs(Host, effect);
            EffectExecutor.Execute(World, Host, life, effect);
        }

        PlanWake();
    }

    /// <summary>The agent's top-level loop: a bug in the core ends the process, as in the daemon, and is a finding.</summary>
    private ValueList<NodeEffect> Decide(ISimulatedAgent agent, NodeInput input)
    {
        try
        {
            return agent.Handle(input, Host.Clock);
        }
        catch (Exception bug)
        {
            World.Checks.Violate("S8", $"the core crashed on {input.GetType().Name}: {bug.GetType().Name}: {bug.Message}{Place(bug)}");
            Kill(null);
            return [];
        }
    }

    private static string Place(Exception bug) =>
        bug.StackTrace?.Split('\n').FirstOrDefault()?.Trim() is { } place ? $" ({place})" : "";

    private void Learn(NodeInput input)
    {
        switch (input)
        {
            case NodeInput.StoreReachable reachable:
                KnowsStore = reachable.Reachable;
                break;
            case NodeInput.StoreLoaded loaded:
                Learn(loaded.Entries);
                break;
            case NodeInput.StoreChanged changed:
                Learn(changed.Entries);
                break;
        }
    }

    private void Learn(ValueList<StoreEntry> entries)
    {
        foreach (var entry in entries.AsSpan())
        {
            if (entry.Value is ClusterSettings settings)
                KnownSettings = settings;
        }
    }

    private void PlanWake()
    {
        if (core is null || core.NextWake == Instant.Never)
            return;
        var wait = core.NextWake - Host.Clock;
        var at = World.Now + (wait > TimeSpan.FromMicroseconds(100) ? Host.Clocks.Lasts(wait) : TimeSpan.FromMicroseconds(100));
        if (at >= plannedWake)
            return;
        plannedWake = at;
        var life = Life;
        World.At(at, () => Wake(life, at));
    }

    private void Wake(int life, TimeSpan planned)
    {
        if (life != Life || planned != plannedWake)
            return;
        plannedWake = TimeSpan.MaxValue;
        if (core is null || !Runs)
            return;
        if (core.NextWake <= Host.Clock)
        {
            if (MayTick())
                Handle(core, new NodeInput.Tick());
        }
        else
        {
            PlanWake();
        }
    }

    /// <summary>A core that wants to be woken again and again without time passing would hang the real agent too: it waits.</summary>
    private bool MayTick()
    {
        if (World.Now - tickWindow > TimeSpan.FromSeconds(1))
            (tickWindow, ticksInWindow) = (World.Now, 0);
        if (++ticksInWindow <= TicksPerSecondLimit)
            return true;
        World.Checks.Violate("S8", $"the agent of {Host.Id} wants more than {TicksPerSecondLimit} ticks in one second");
        var life = Life;
        var at = plannedWake = World.Now + TimeSpan.FromSeconds(1);
        World.At(at, () => Wake(life, at));
        return false;
    }

    private void Measure(int life)
    {
        if (life != Life)
            return;
        if (Runs)
        {
            Deliver(life, Host.Hypervisor.Measurement());
            if (World.Start.SpeaksOfNeeds)
                Deliver(life, SimNeeds.Seen(World, Host));
        }

        World.After(Latency.MeasureEvery, () => Measure(life));
    }
}
