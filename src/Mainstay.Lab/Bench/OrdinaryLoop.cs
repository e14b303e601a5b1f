using System.Diagnostics;

namespace Mainstay.Lab.Bench;

/// <summary>
/// What the beacon is compared with: an ordinary .NET process of normal priority that wakes every 100 ms and makes 10 MB of garbage a
/// second beside 32 MB that live.
/// </summary>
internal static class OrdinaryLoop
{
    private const int Pieces = 32 * 1024;
    private const int PieceBytes = 1024;
    private const int PiecesPerWakeUp = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    public static LoopGaps Run(TimeSpan length)
    {
        var live = new byte[Pieces][];
        for (var i = 0; i < Pieces; i++)
            live[i] = new byte[PieceBytes];
        var late = new List<double>((int)(length / Period) + 1);
        using var never = new ManualResetEvent(false);
        var (allocated, collections) = (GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(0));
        var clock = Stopwatch.StartNew();
        var (due, next) = (Period, 0);
        while (clock.Elapsed < length)
        {
            if (due > clock.Elapsed)
                never.WaitOne(due - clock.Elapsed);
            var now = clock.Elapsed;
            late.Add(Math.Max(0, (now - due).TotalMilliseconds));
            for (var i = 0; i < PiecesPerWakeUp; i++)
                live[next = (next + 7) % Pieces] = new byte[PieceBytes];
            due = due + Period > now ? due + Period : now + Period;
        }

        late.Sort();
        return new LoopGaps
        {
            WakeUps = late.Count,
            P50Ms = Part(late, 0.5),
            P99Ms = Part(late, 0.99),
            P999Ms = Part(late, 0.999),
            MaxMs = Part(late, 1),
            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated,
            Collections = GC.CollectionCount(0) - collections,
        };
    }

    private static double Part(List<double> sorted, double share) =>
        Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)], 3);
}
