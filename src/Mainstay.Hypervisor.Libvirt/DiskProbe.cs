using System.ComponentModel;
using System.Diagnostics;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// Measures what a small synchronous write and its reading take on each directory that holds guests' disks: on a thread of its own, which
/// may hang with the storage without anybody waiting for it. How long it has hung is a value like others.
/// </summary>
internal sealed class DiskProbe : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private const int Samples = 5;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim stop = new();
    private volatile IReadOnlyList<string> directories = [];
    private volatile Reading reading = new(null, null);
    private bool started;

    /// <summary>
    /// The slowest directory's middle of the last measurements, or how long the one under way has taken already; null while there is none.
    /// </summary>
    internal TimeSpan? Latency(IReadOnlyList<string> wanted)
    {
        directories = wanted;
        if (!started && wanted.Count > 0)
        {
            started = true;
            new Thread(Run, StackBytes) { IsBackground = true, Name = "disk-probe" }.Start();
        }

        var (slowest, begun) = reading;
        var hanging = begun is { } since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;
        return hanging > (slowest ?? TimeSpan.Zero) && begun is not null
            ? hanging < Longest ? hanging : Longest
            : slowest;
    }

    public void Dispose() => stop.Set();

    private void Run()
    {
        var samples = new SortedDictionary<string, Queue<TimeSpan>>(StringComparer.Ordinal);
        while (!stop.IsSet)
        {
            var now = directories;
            foreach (var gone in samples.Keys.Except(now).ToArray())
                samples.Remove(gone);
            foreach (var directory in now)
                Measure(directory, samples);
            reading = new Reading(Slowest(samples), null);
            stop.Wait(Every);
        }
    }

    private void Measure(string directory, SortedDictionary<string, Queue<TimeSpan>> samples)
    {
        var begun = Stopwatch.GetTimestamp();
        reading = reading with { Begun = begun };
        try
        {
            DirectFile.WriteAndRead(directory);
        }
        catch (Win32Exception)
        {
            return; // A directory that refuses writes says nothing about how fast they are.
        }

        if (!samples.TryGetValue(directory, out var kept))
            samples[directory] = kept = new Queue<TimeSpan>();
        kept.Enqueue(Stopwatch.GetElapsedTime(begun));
        if (kept.Count > Samples)
            kept.Dequeue();
    }

    private static TimeSpan? Slowest(SortedDictionary<string, Queue<TimeSpan>> samples) =>
        samples.Count == 0 ? null : samples.Values.Max(kept => kept.Order().ElementAt(kept.Count / 2));

    /// <param name="Begun">When the measurement under way began.</param>
    private sealed record Reading(TimeSpan? Slowest, long? Begun);
}
