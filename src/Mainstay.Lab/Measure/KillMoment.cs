using System.Diagnostics;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Measure;

/// <summary>The instant at which a host lost its power, on both clocks: the facts carry the wall clock, the guests' words the other one.</summary>
internal sealed record KillMoment(DateTimeOffset Time, long Timestamp)
{
    public double SecondsTo(DateTimeOffset later) => (later - Time).TotalSeconds;

    public double SecondsTo(long later) => Stopwatch.GetElapsedTime(Timestamp, later).TotalSeconds;

    /// <summary>SIGKILL to the host's first process; the kernel ends everything else in it.</summary>
    public static async Task<KillMoment> Kill(LabCluster lab, string host, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var status = await lab.Status(cancel).ConfigureAwait(false);
        var init = status.Hosts.FirstOrDefault(known => known.Name == host)?.InitPid ?? throw new LabException($"{host} is off already.");
        var moment = new KillMoment(TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
        return Posix.Signal(init, Posix.Kill) ? moment : throw new LabException($"{host} could not be killed.");
    }
}
