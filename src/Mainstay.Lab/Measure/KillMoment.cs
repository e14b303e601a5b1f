using System.Diagnostics;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Measure;

/// <summary>
/// The instant at which a host lost its power, on both clocks: the facts carry the wall clock, the guests' words the other one.
/// </summary>
internal sealed record KillMoment(DateTimeOffset Time, long Timestamp)
{
    public double SecondsTo(DateTimeOffset later) => (later - Time).TotalSeconds;

    public double SecondsTo(long later) => Stopwatch.GetElapsedTime(Timestamp, later).TotalSeconds;

    /// <summary>Its links go down, and SIGKILL to the host's first process; the kernel ends everything else in it.</summary>
    public static async Task<KillMoment> Kill(LabCluster lab, string host, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var status = await lab.Status(cancel).ConfigureAwait(false);
        var init = status.Hosts.FirstOrDefault(known => known.Name == host)?.InitPid ?? throw new LabException($"{host} is off already.");
        var moment = new KillMoment(TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
        // The kernel that all hosts share would go on answering for this one while its processes die; that of a dead host does not.
        LinkSwitch.Down(lab.Layout.Host(host).ManagementLink);
        LinkSwitch.Down(lab.Layout.Host(host).StorageLink);
        return Posix.Signal(init, Posix.Kill) ? moment : throw new LabException($"{host} could not be killed.");
    }
}
