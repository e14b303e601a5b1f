using System.Globalization;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>A guest as it really is, wherever it executes.</summary>
internal sealed class SimGuest(GuestStart start, int index, int hosts)
{
    private readonly int[] failuresOn = new int[hosts];
    private int failuresAnywhere;

    public GuestStart Start { get; } = start;

    public GroupId Id => Start.Id;

    public long MemoryMiB => Start.MemoryMiB;

    public string Uuid { get; } = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{index + 1:x12}");

    /// <summary>Where its disks lie.</summary>
    public ValueList<string> Disks { get; } =
        start.Disks.Select((storage, i) => string.Create(CultureInfo.InvariantCulture, $"/{storage}/{start.Id}-{i + 1}.img"))
            .Order(StringComparer.Ordinal).ToValueList();

    /// <summary>Shaped like a libvirt domain, for whoever reads it.</summary>
    public string Definition => string.Create(
        CultureInfo.InvariantCulture,
        $"<domain type='{(Start.Vcpus > 0 ? "kvm" : "qemu")}'><name>{Id}</name><uuid>{Uuid}</uuid>"
            + $"<memory unit='MiB'>{MemoryMiB}</memory>{SimNeeds.Elements(Start)}</domain>");

    /// <summary>Every execution of it right now. More than one is what must never be (S1).</summary>
    public List<Execution> Executions { get; } = [];

    /// <summary>The boots in which it ever executed.</summary>
    public List<BootId> Boots { get; } = [];

    /// <summary>Its agent answers some time after each start, if it has one.</summary>
    public bool AgentAnswers(Execution execution, TimeSpan now) => Start.AgentAfter is { } after && now >= execution.Since + after;

    /// <summary>What it needs and that host has not; null when nothing is missing.</summary>
    public string? Misses(SimHost host) => Start.Needs.FirstOrDefault(host.Lacks.Contains);

    public void FailNextStarts(int times) => failuresAnywhere = times;

    public void FailStartsOn(int host, bool fail) => failuresOn[host] = fail ? int.MaxValue : 0;

    public void Mend()
    {
        failuresAnywhere = 0;
        Array.Clear(failuresOn);
    }

    /// <summary>Whether this start fails; counts it.</summary>
    public bool TakeFailure(int host)
    {
        if (failuresOn[host] > 0)
            return true;
        if (failuresAnywhere == 0)
            return false;
        failuresAnywhere--;
        return true;
    }

    public bool StartsOn(int host) => failuresOn[host] == 0 && failuresAnywhere == 0;
}

/// <summary>A QEMU process that executes a guest: the ground truth of S1.</summary>
internal sealed class Execution(SimGuest guest, SimHost host, TimeSpan since)
{
    private TimeSpan? pausedAt;
    private TimeSpan paused;

    public SimGuest Guest { get; } = guest;

    public SimHost Host { get; } = host;

    /// <summary>The boot it belongs to.</summary>
    public BootId Boot { get; } = host.Boot;

    public TimeSpan Since { get; } = since;

    /// <summary>The guest inside does not react any more.</summary>
    public bool Hung { get; set; }

    /// <summary>Since when QEMU does not answer its monitor although the guest executes; null while it does.</summary>
    public TimeSpan? MonitorHungSince { get; private set; }

    /// <summary>Its beacon froze it. It still counts as executing: it may go on any moment.</summary>
    public bool Paused => pausedAt is not null;

    /// <summary>How long it was paused in all, until now.</summary>
    public TimeSpan PausedFor(TimeSpan now) => paused + (pausedAt is { } at ? now - at : TimeSpan.Zero);

    /// <summary>It slept with its host, and was paused before it executed again: until it goes on it executes nothing.</summary>
    public bool Held { get; private set; }

    public void HangMonitor(TimeSpan now) => MonitorHungSince ??= now;

    public void MonitorAnswers() => MonitorHungSince = null;

    public void Pause(TimeSpan now) => pausedAt ??= now;

    public void Continue(TimeSpan now) => (paused, pausedAt, Held) = (PausedFor(now), null, false);

    public void Hold() => Held = true;
}
