using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;

namespace Mainstay.Simulator.World;

/// <summary>libvirt and QEMU of one host: calls queue in libvirtd, starts ask the hook, executions are the ground truth.</summary>
internal sealed class SimHypervisor
{
    private const string NoAnswer = "libvirtd did not answer in time";

    private readonly VirtualWorld world;
    private readonly SimHost host;
    private readonly SimDomain[] domains;

    public SimHypervisor(VirtualWorld world, SimHost host)
    {
        (this.world, this.host) = (world, host);
        domains = world.Guests.Select(guest => new SimDomain(guest)).OrderBy(domain => domain.Guest.Id).ToArray();
    }

    /// <summary>Every guest of the scenario, as this host has it.</summary>
    public SimDomain[] All => domains;

    private LibvirtProcess Libvirt => host.Libvirt;

    public SimDomain Domain(GroupId guest) => Array.Find(domains, domain => domain.Guest.Id == guest)
        ?? throw new InvalidOperationException($"The guest '{guest}' does not exist.");

    /// <summary>The most starts that were under way here at the same time.</summary>
    public int MostStarts { get; private set; }

    public void CountStarts() => MostStarts = Math.Max(MostStarts, domains.Count(domain => domain.Starting));

    /// <summary>Of its ordinary memory.</summary>
    public long UsedMiB
    {
        get
        {
            var sum = 0L;
            foreach (var domain in domains)
                sum += domain is { State: GuestRunState.Running, Guest.Start.InPages: false } ? domain.Guest.MemoryMiB : 0;
            return sum;
        }
    }

    /// <summary>A QEMU exists or is about to, of a guest that the store protects.</summary>
    public IEnumerable<SimDomain> Active => domains.Where(domain => domain.State == GuestRunState.Running);

    private int ActiveCount
    {
        get
        {
            var count = 0;
            foreach (var domain in domains)
                count += domain.State == GuestRunState.Running ? 1 : 0;
            return count;
        }
    }

    public NodeInput.LoadMeasured Measurement() =>
        new(host.MemoryMiB, UsedMiB, Math.Min(100, 5 + (10 * ActiveCount)), Libvirt.Runs)
        {
            Health = host.Ailments.Measure(), Cores = world.Start.CoresOf(host.Index),
            TimeOfDay = new TimeSpan(world.Now.Ticks % TimeSpan.TicksPerDay),
        };

    /// <summary>Puts a guest where the scenario says it is at the start.</summary>
    public void Place(GuestStart start)
    {
        var domain = Domain(start.Id);
        (domain.Defined, domain.Autostart) = (true, start.Autostart);
        if (start.Running)
            Begin(domain, null);
    }

    /// <summary>The definitions lie on the disk that was copied.</summary>
    public void CopyDefinitions(SimHypervisor original)
    {
        foreach (var domain in domains)
            (domain.Defined, domain.Autostart) = (original.Domain(domain.Guest.Id).Defined, original.Domain(domain.Guest.Id).Autostart);
    }

    public void List(Action<Observed<GuestInventory>> reply) => Call<Observed<GuestInventory>>(
        reply,
        Latency.ListLimit,
        why => new Observed<GuestInventory>.Unknown(why),
        why => new Observed<GuestInventory>.Unknown(why),
        answer => Libvirt.Step(
            Latency.Listing(world.Chance),
            () => answer.Give(new Observed<GuestInventory>.Known(new GuestInventory(
                domains.Where(domain => domain.Defined || domain.State == GuestRunState.Running)
                    .Select(domain => domain.Observation).ToValueList()))),
            () => answer.Give(new Observed<GuestInventory>.Unknown("libvirtd died"))));

    public void ReadDefinition(GroupId id, Action<Observed<GuestDefinition?>> reply) => Call<Observed<GuestDefinition?>>(
        reply,
        Latency.ListLimit,
        why => new Observed<GuestDefinition?>.Unknown(why),
        why => new Observed<GuestDefinition?>.Unknown(why),
        answer => Libvirt.Step(
            Latency.Listing(world.Chance),
            () => answer.Give(new Observed<GuestDefinition?>.Known(Definition(id))),
            () => answer.Give(new Observed<GuestDefinition?>.Unknown("libvirtd died"))));

    public void SetAutostart(GroupId id, bool autostart, Action<GuestOutcome> reply) => Quick(id, reply, domain =>
    {
        if (!domain.Defined)
            return new GuestOutcome.Failed("no such domain");
        domain.Autostart = autostart;
        return new GuestOutcome.Done();
    });

    public void Forget(GroupId id, Action<GuestOutcome> reply) => Quick(id, reply, domain =>
    {
        if (domain.State == GuestRunState.Running)
            return new GuestOutcome.Failed("the domain is active");
        domain.Defined = false;
        return new GuestOutcome.Done();
    });

    /// <summary>Whether the agent in the guest answers; one that does not is given up after a second.</summary>
    public void AskAgent(GroupId id, Action<GuestOutcome> reply) => Quick(id, reply, domain =>
        domain.Execution is { Hung: false, Paused: false } execution && domain.Guest.AgentAnswers(execution, world.Now)
            ? new GuestOutcome.Done() : new GuestOutcome.Failed("the agent in the guest does not answer"));

    public void Start(GroupId id, bool byAgent, Action<GuestOutcome> reply) => Call(
        reply, Latency.GuestLimit, Unsure, Sure, answer => new StartJob(world, host, Domain(id), byAgent, answer).Submit());

    /// <summary>As the agent stops a guest: through libvirtd, and past it when it does not answer.</summary>
    public void Stop(GroupId id, StopMode mode, TimeSpan grace, Action<GuestOutcome> reply)
    {
        var answer = new Answer<GuestOutcome>(reply);
        var asked = mode == StopMode.Destroy ? TimeSpan.Zero : grace;
        world.After(asked + Latency.GuestLimit, () => answer.Give(Unsure(NoAnswer)));
        if (Libvirt.State != ProcessState.Dead)
            new StopJob(world, host, Domain(id), mode, grace, answer).Submit();
        if (mode != StopMode.Ask)
            new ProcessKill(world, host, Domain(id), answer).After(asked);
    }

    /// <summary>As somebody stops a guest with virsh.</summary>
    public void StopByHand(GroupId id, StopMode mode) => Call<GuestOutcome>(
        static _ => { },
        Latency.GuestLimit + Latency.ShutdownGrace,
        Unsure,
        Sure,
        answer => new StopJob(world, host, Domain(id), mode, Latency.ShutdownGrace, answer).Submit());

    /// <summary>libvirtd dies and comes back without knowing that this guest runs.</summary>
    public void Lose(GroupId id)
    {
        Libvirt.Kill(null);
        Domain(id).Lost = Domain(id).Execution is not null;
    }

    /// <summary>The guest begins to execute here: from now on it counts for S1.</summary>
    public void Begin(SimDomain domain, StartToken? token)
    {
        (domain.Starting, domain.Lost) = (false, false);
        domain.Defined = true;
        domain.Execution = new Execution(domain.Guest, host, world.Now);
        domain.Guest.Executions.Add(domain.Execution);
        domain.Guest.Boots.Add(host.Boot);
        world.Checks.Executions.Began(domain.Execution, token);
        world.Checks.Recoveries.Began(domain.Execution);
        Tell(domain);
    }

    public void End(SimDomain domain, GuestStopCause cause)
    {
        if (domain.Execution is not { } execution)
            return;
        domain.Guest.Executions.Remove(execution);
        (domain.Execution, domain.Lost) = (null, false);
        domain.LastEnd = world.Now;
        domain.LastStop = Libvirt.State == ProcessState.Dead ? GuestStopCause.Unclear : cause;
        world.Checks.Executions.Ended();
        world.Checks.Orders.Ended(execution);
        Tell(domain);
    }

    /// <summary>The beacon killed it because its lease ran out.</summary>
    public void EndByBeacon(SimDomain domain, Execution execution)
    {
        if (domain.Execution != execution)
            return;
        world.Checks.Leases.Killed(domain, host);
        End(domain, GuestStopCause.Crashed);
    }

    public void PowerLost()
    {
        foreach (var domain in domains)
        {
            if (domain.Execution is { } execution)
            {
                domain.Guest.Executions.Remove(execution);
                domain.LastEnd = world.Now;
                world.Checks.Executions.Ended();
                world.Checks.Orders.Ended(execution);
            }

            (domain.Execution, domain.Starting, domain.Lost) = (null, false, false);
            (domain.LastStop, domain.Told) = (GuestStopCause.Unclear, GuestRunState.Stopped);
            domain.ForgetJobs();
        }
    }

    public void LibvirtDied()
    {
        foreach (var domain in domains)
            domain.ForgetJobs();
    }

    public void LibvirtStarted()
    {
        foreach (var domain in domains)
            Tell(domain);
    }

    public void LibvirtContinued()
    {
        foreach (var domain in domains)
            Tell(domain);
    }

    /// <summary>After a boot libvirt starts what is marked for it; the hook has its say.</summary>
    public void Autostart()
    {
        foreach (var domain in domains)
        {
            if (domain is { Defined: true, Autostart: true, State: GuestRunState.Stopped })
                Start(domain.Guest.Id, byAgent: false, static _ => { });
        }
    }

    /// <summary>libvirtd notices a change when it runs and tells the agent; what it misses the agent finds in its next listing.</summary>
    public void Tell(SimDomain domain)
    {
        if (!Libvirt.Runs || domain.Told == domain.State)
            return;
        domain.Told = domain.State;
        var (life, seen) = (host.Agent.Life, domain.Observation);
        Libvirt.Step(
            Latency.Local(world.Chance), () => host.Agent.Deliver(life, new NodeInput.GuestChanged(seen)), static () => { });
    }

    /// <summary>What libvirt has of it here; null when it has nothing.</summary>
    public GuestDefinition? Definition(GroupId id) => Array.Find(domains, domain => domain.Guest.Id == id && domain.Defined) is { } domain
        ? new GuestDefinition(id, domain.Guest.Uuid, domain.Guest.Definition, domain.Guest.MemoryMiB, domain.Autostart, domain.State)
        {
            Disks = domain.Guest.Disks,
        }
        : null;

    private void Quick(GroupId id, Action<GuestOutcome> reply, Func<SimDomain, GuestOutcome> act) => Call(
        reply,
        Latency.ListLimit,
        Unsure,
        Sure,
        answer => Libvirt.Step(
            Latency.Listing(world.Chance), () => answer.Give(act(Domain(id))), () => answer.Give(Unsure("libvirtd died"))));

    private static GuestOutcome Unsure(string why) => new GuestOutcome.Unknown(why);

    private static GuestOutcome Sure(string why) => new GuestOutcome.Failed(why);

    /// <summary>A call to libvirtd: refused when the process is not there, unanswered while it is stopped.</summary>
    private void Call<T>(Action<T> reply, TimeSpan limit, Func<string, T> unanswered, Func<string, T> refused, Action<Answer<T>> act)
    {
        var answer = new Answer<T>(reply);
        if (Libvirt.State == ProcessState.Dead)
        {
            world.After(Latency.Local(world.Chance), () => answer.Give(refused("libvirtd does not run")));
            return;
        }

        world.After(limit, () => answer.Give(unanswered(NoAnswer)));
        act(answer);
    }
}
