using System.Globalization;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>A host as it really is: power, kernel, processes, guests.</summary>
internal sealed class SimHost
{
    private static readonly TimeSpan CrashKernelStarts = TimeSpan.FromMilliseconds(250);

    private readonly VirtualWorld world;
    private readonly string machine;
    private int boots;

    /// <param name="original">The host whose disk was copied into this machine; null for a host.</param>
    public SimHost(VirtualWorld world, int index, HostStart start, SimHost? original = null)
    {
        this.world = world;
        (Index, Id, MemoryMiB, IsWitness) = (index, start.Id, start.MemoryMiB, start.Witness);
        (Number, machine) = original is null
            ? (index + 1, start.Id.Name)
            : (original.Number, string.Create(CultureInfo.InvariantCulture, $"{start.Id}-clone-{index}"));
        Older = start.Older;
        Lacks = new(start.Lacks, StringComparer.Ordinal);
        Hardware = start.Anonymous ? null : $"hardware-of-{machine}";
        Clocks = new SimClock(world);
        Beacon = new BeaconProcess(world, this);
        Libvirt = new LibvirtProcess(world, this);
        Hypervisor = new SimHypervisor(world, this);
        Etcd = new EtcdProcess(world, this);
        Agent = new AgentProcess(world, this);
        Bmc = new SimBmc(world, this);
        Watchdog = new SimWatchdog(world, this, start.Watchdog, start.Softdog);
        Stamps = new SimStamps(world, this);
        Ailments = new Ailments(world, this);
    }

    public int Index { get; }

    /// <summary>The host's number in beacons.</summary>
    public int Number { get; }

    /// <summary>What its firmware calls it; null when that is nothing usable.</summary>
    public string? Hardware { get; }

    /// <summary>A machine with a copy of its disk, and with its addresses: what is sent to this host reaches both.</summary>
    public SimHost? Twin { get; set; }

    public HostId Id { get; }

    public long MemoryMiB { get; }

    /// <summary>Its agent is of a version that cannot read what newer ones have written.</summary>
    public bool Older { get; set; }

    /// <summary>What guests need and it has not.</summary>
    public SortedSet<string> Lacks { get; }

    /// <summary>What its agent cannot find out.</summary>
    public SortedSet<string> Hidden { get; } = new(StringComparer.Ordinal);

    /// <summary>It runs no guests, and nobody can start one there.</summary>
    public bool IsWitness { get; }

    public bool PoweredOn { get; private set; }

    public bool Hung { get; private set; }

    /// <summary>Its kernel has panicked: nothing runs but the crash kernel, which writes a dump.</summary>
    public bool Dumps { get; private set; }

    /// <summary>This boot; changes with every power on.</summary>
    public BootId Boot { get; private set; }

    /// <summary>The kernel runs and schedules processes.</summary>
    public bool KernelUp => PoweredOn && Booted && !Hung && !Clocks.Asleep;

    public BeaconProcess Beacon { get; }

    public LibvirtProcess Libvirt { get; }

    public SimHypervisor Hypervisor { get; }

    public EtcdProcess Etcd { get; }

    public AgentProcess Agent { get; }

    public SimBmc Bmc { get; }

    public SimWatchdog Watchdog { get; }

    public SimStamps Stamps { get; }

    public Ailments Ailments { get; }

    /// <summary>How often its watchdog, or its beacon, reset it.</summary>
    public int Resets { get; private set; }

    /// <summary>What its disk says the agent has seen of the store.</summary>
    public StoreMark? Mark { get; set; }

    /// <summary>When something last could have kept its beacons from being heard.</summary>
    public TimeSpan LastTroubled { get; set; }

    public SimClock Clocks { get; }

    /// <summary>The clock its agent goes by.</summary>
    public Instant Clock => Clocks.Monotonic;

    private bool Booted { get; set; }

    public void PowerOn(TimeSpan bootTime)
    {
        if (PoweredOn)
            return;
        PoweredOn = true;
        Bmc.PowerReturned();
        boots++;
        Boot = new BootId(string.Create(CultureInfo.InvariantCulture, $"{machine}-boot-{boots}"));
        Clocks.Restart(TimeSpan.FromSeconds(1 + world.Chance.Below(100_000)));
        var boot = Boot;
        world.After(bootTime + world.Chance.Milliseconds(0, 100), () =>
        {
            if (PoweredOn && Boot == boot)
                FinishBoot();
        });
        world.TopologyChanged();
    }

    public void PowerOff()
    {
        if (!PoweredOn)
            return;
        world.NoteTroubles();
        (PoweredOn, Dumps) = (false, false);
        Clocks.WakeUp();
        EverythingEnds();
        Beacon.ForgetBoot();
        world.TopologyChanged();
    }

    /// <summary>The kernel panics. Its crash kernel says so until its dump is written, feeding the watchdog; then the host boots.</summary>
    public void Panic(TimeSpan dump)
    {
        if (!PoweredOn || !Booted)
            return;
        world.NoteTroubles();
        Dumps = true;
        EverythingEnds();
        SayCrashed(Boot, world.Now + dump);
        world.TopologyChanged();
    }

    /// <summary>The CPUs start anew: nothing that ran goes on.</summary>
    public void Reset()
    {
        world.Checks.Leases.WasReset(this);
        Resets++;
        PowerOff();
        PowerOn(world.Start.BootTime);
    }

    /// <summary>The kernel stops scheduling processes and answering packets; virtual CPUs go on.</summary>
    public void Hang()
    {
        if (!KernelUp)
            return;
        world.Quiet.Disturb();
        Hung = true;
        world.TopologyChanged();
    }

    public void Unhang()
    {
        if (!Hung)
            return;
        world.NoteTroubles();
        Hung = false;
        Watchdog.Unhung();
        Beacon.ContinueIfAble();
        Libvirt.ContinueIfAble();
        Agent.ContinueIfAble();
        world.TopologyChanged();
    }

    /// <summary>Suspend to memory: nothing executes, no virtual CPU either, and the watchdog stands still.</summary>
    public void Suspend(TimeSpan time) => Sleep(time, unnoticed: false);

    /// <summary>It is a virtual machine and is paused: the same, and its clocks stand still too.</summary>
    public void Pause(TimeSpan time) => Sleep(time, unnoticed: true);

    private void Sleep(TimeSpan time, bool unnoticed)
    {
        if (!KernelUp)
            return;
        world.NoteTroubles();
        Clocks.FallAsleep(unnoticed);
        world.TopologyChanged();
        var boot = Boot;
        world.After(time, () =>
        {
            if (Boot == boot && Clocks.Asleep)
                WakeUp();
        });
    }

    /// <summary>The beacon runs first: it is real-time, and what it holds before the guests' virtual CPUs run has not executed.</summary>
    public void WakeUp()
    {
        if (!Clocks.Asleep)
            return;
        world.NoteTroubles();
        Watchdog.Slept(Clocks.WakeUp());
        Beacon.ContinueIfAble();
        world.Checks.Executions.Woke(this);
        Libvirt.ContinueIfAble();
        Agent.ContinueIfAble();
        world.TopologyChanged();
    }

    public SimProcess Process(HostProcess which) => which switch
    {
        HostProcess.Agent => Agent,
        HostProcess.Beacon => Beacon,
        HostProcess.Libvirtd => Libvirt,
        HostProcess.Etcd => Etcd,
    };

    private void EverythingEnds()
    {
        (Booted, Hung) = (false, false);
        Hypervisor.PowerLost();
        Agent.PowerLost();
        Beacon.PowerLost();
        Libvirt.PowerLost();
        Etcd.PowerLost();
        Watchdog.PowerLost();
    }

    private void SayCrashed(BootId boot, TimeSpan until) => world.After(CrashKernelStarts, () =>
    {
        if (!Dumps || Boot != boot)
            return;
        if (world.Now >= until)
        {
            PowerOff();
            PowerOn(world.Start.BootTime);
            return;
        }

        Beacon.SayCrashed();
        SayCrashed(boot, until);
    });

    private void FinishBoot()
    {
        Booted = true;
        Etcd.Start();
        Libvirt.Start();
        Beacon.Start();
        Agent.Start();
        Hypervisor.Autostart();
        world.TopologyChanged();
    }
}
