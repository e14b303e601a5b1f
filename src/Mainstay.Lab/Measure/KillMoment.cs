using System.Diagnostics;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Measure;

/// <summary>
/// The instant at which a host was lost, on both clocks: the facts carry the wall clock, the guests' words the other one.
/// </summary>
internal sealed record KillMoment(DateTimeOffset Time, long Timestamp)
{
    public double SecondsTo(DateTimeOffset later) => (later - Time).TotalSeconds;

    public double SecondsTo(long later) => Stopwatch.GetElapsedTime(Timestamp, later).TotalSeconds;

    /// <summary>Takes a host away. Its BMC, where it is to die too, is gone a little before the host is.</summary>
    public static async Task<KillMoment> Begin(LabCluster lab, string host, HostEnd end, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        if (end is HostEnd.PowerAndBmc or HostEnd.Partition)
            await lab.SetBmc(host, BmcMode.Dead, TimeSpan.Zero, cancel).ConfigureAwait(false);
        switch (end)
        {
            case HostEnd.Power or HostEnd.PowerAndBmc:
                return await Kill(lab, host, cancel).ConfigureAwait(false);
            case HostEnd.Hang:
                var stood = Now();
                await lab.Hang(host, cancel).ConfigureAwait(false);
                return stood;
            case HostEnd.Partition:
                var cut = Now();
                await lab.Isolate(host, cancel).ConfigureAwait(false);
                return cut;
            default:
                throw new InvalidOperationException($"No such end: {end}");
        }
    }

    public static KillMoment Now() => new(TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());

    /// <summary>Its links go down, and SIGKILL to the host's first process; the kernel ends everything else in it.</summary>
    private static async Task<KillMoment> Kill(LabCluster lab, string host, CancellationToken cancel)
    {
        var status = await lab.Status(cancel).ConfigureAwait(false);
        var init = status.Hosts.FirstOrDefault(known => known.Name == host)?.InitPid ?? throw new LabException($"{host} is off already.");
        var moment = Now();
        // The kernel that all hosts share would go on answering for this one while its processes die; that of a dead host does not.
        LinkSwitch.Down(lab.Layout.Host(host).ManagementLink);
        LinkSwitch.Down(lab.Layout.Host(host).StorageLink);
        return Posix.Signal(init, Posix.Kill) ? moment : throw new LabException($"{host} could not be killed.");
    }
}
