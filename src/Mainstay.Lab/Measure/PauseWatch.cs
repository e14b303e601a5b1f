using System.Diagnostics;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Measure;

/// <summary>
/// Looks at the guests' processes and disks many times a second: for how long one stood still, by the kernel, and for how long its disk
/// saw no beat.
/// </summary>
internal sealed class PauseWatch : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly Watched[] guests;
    private readonly CancellationTokenSource end = new();
    private readonly Task watching;

    public PauseWatch(LabCluster lab, IEnumerable<GuestProcess> processes)
    {
        guests = [.. processes.Select(process => new Watched(process, Path.Combine(lab.SharedDirectory, process.Guest + ".raw")))];
        watching = Task.Run(() => Watch(end.Token));
    }

    /// <summary>The longest time, in seconds, that the process of one guest was stopped.</summary>
    public double LongestPause => guests.Max(guest => guest.Stopped);

    /// <summary>The longest time, in seconds, between two beats of one guest; they beat four times a second.</summary>
    public double LongestSilence => guests.Max(guest => guest.Silence);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task Watch(CancellationToken cancel)
    {
        while (true)
        {
            foreach (var guest in guests)
                guest.Take(Stopwatch.GetTimestamp());
            await Task.Delay(Look, cancel).ConfigureAwait(false);
        }
    }

    private sealed class Watched(GuestProcess process, string disk)
    {
        private uint beat;
        private long beatAt;
        private long? stoppedAt;

        public double Stopped { get; private set; }

        public double Silence { get; private set; }

        public void Take(long now)
        {
            // What lies between two looks counts as a pause when both saw it stopped.
            var stopped = ProcessTable.Find(process.Pid) is { State: 'T' };
            if (stopped && stoppedAt is { } since)
                Stopped += Stopwatch.GetElapsedTime(since, now).TotalSeconds;
            stoppedAt = stopped ? now : null;

            var seen = GuestDisk.LastBeat(disk);
            if (seen != beat)
                (beat, beatAt) = (seen, now);
            else
                Silence = Math.Max(Silence, Stopwatch.GetElapsedTime(beatAt, now).TotalSeconds);
        }
    }
}
