using System.Collections.Concurrent;
using Mainstay.Lab.Guests;

namespace Mainstay.Lab.Measure;

/// <summary>
/// Looks for guests that run twice (S1) as long as it lives, by what nobody can be mistaken about: the processes on the machine, what the
/// guests read on their own disks, and the disks themselves.
/// </summary>
internal sealed class DoubleRunWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private const int MostFindings = 100;

    /// <summary>Every beat of a double run is evidence: that of one disk must not crowd out what is seen of another guest.</summary>
    private const int MostOfADisk = 5;

    private readonly LabCluster lab;
    private readonly GuestWatch words;
    private readonly ConcurrentDictionary<string, DateTimeOffset> found = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource end = new();
    private readonly Task watching;
    private readonly Task listening;

    public DoubleRunWatch(LabCluster lab)
    {
        this.lab = lab;
        words = new GuestWatch(lab);
        watching = Task.Run(() => Watch(end.Token));
        listening = Task.Run(Listen);
    }

    /// <summary>One sentence per piece of evidence, with the time at which it was first seen; empty: nothing ever ran twice.</summary>
    public IReadOnlyList<string> Findings()
    {
        foreach (var (guest, report) in DiskProof.Check(lab))
        {
            foreach (var evidence in report.DoubleRuns.Take(MostOfADisk))
                Add($"{guest}'s disk: {evidence}");
        }

        return [.. found.OrderBy(one => one.Value).Select(one => $"{one.Value:HH:mm:ss.fff} {one.Key}")];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        await words.DisposeAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await listening.ConfigureAwait(false);
        end.Dispose();
    }

    private async Task Watch(CancellationToken cancel)
    {
        var processes = new GuestProcesses(lab);
        while (true)
        {
            foreach (var twice in processes.Twice())
                Add(twice);
            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }

    private async Task Listen()
    {
        await foreach (var said in words.Events.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (said is GuestEvent.SawForeignWriter)
                Add($"{said.Guest} on {said.Host} found another writer on its disk");
        }
    }

    private void Add(string finding)
    {
        if (found.Count < MostFindings)
            found.TryAdd(finding, TimeProvider.System.GetUtcNow());
    }
}
