using System.Diagnostics;
using Mainstay.Lab.Guests;

namespace Mainstay.Lab.Measure;

/// <summary>What the disks of the guests say, whatever anybody believes: which guests run, and whether one ever ran twice.</summary>
internal static class DiskProof
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>The guests whose beat goes on within the limit.</summary>
    public static async Task<IReadOnlySet<string>> Beating(
        LabCluster lab, IReadOnlyList<string> guests, TimeSpan limit, CancellationToken cancel)
    {
        var before = guests.ToDictionary(guest => guest, guest => GuestDisk.LastBeat(PathOf(lab, guest)), StringComparer.Ordinal);
        var beating = new SortedSet<string>(StringComparer.Ordinal);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < limit && beating.Count < guests.Count;)
        {
            await Task.Delay(Look, cancel).ConfigureAwait(false);
            beating.UnionWith(guests.Where(guest => GuestDisk.LastBeat(PathOf(lab, guest)) > before[guest]));
        }

        return beating;
    }

    /// <summary>
    /// The verdict on each guest's disk. Evidence stays in the ring, so what only one reading shows was read while it was written.
    /// </summary>
    public static IReadOnlyDictionary<string, BeatReport> Check(LabCluster lab)
    {
        var reports = GuestSetup.CheckDisks(lab);
        if (reports.Values.All(report => report.DoubleRuns.Count == 0))
            return reports;
        var again = GuestSetup.CheckDisks(lab);
        return again.ToDictionary(
            disk => disk.Key,
            disk => disk.Value with { DoubleRuns = [.. disk.Value.DoubleRuns.Intersect(reports[disk.Key].DoubleRuns)] },
            StringComparer.Ordinal);
    }

    private static string PathOf(LabCluster lab, string guest) => Path.Combine(lab.SharedDirectory, guest + ".raw");
}
