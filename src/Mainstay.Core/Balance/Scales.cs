using Mainstay.Core.Model;

namespace Mainstay.Core.Balance;

/// <summary>
/// How hosts are used, and how far that is from alike. All in whole numbers, so that the sum does not depend on the order in which hosts
/// are counted.
/// </summary>
internal sealed class Scales
{
    /// <summary>Memory that is taken is taken; the load of processors is what it was a moment ago.</summary>
    private const int MemoryWeight = 2;

    private const int CpuWeight = 1;

    private const int Whole = 1000;

    private readonly SortedDictionary<HostId, Pan> pans = [];

    public IEnumerable<HostId> Hosts => pans.Keys;

    public bool Has(HostId host) => pans.ContainsKey(host);

    /// <param name="cpu">Percent of its processors in use.</param>
    public void Add(HostId host, long memoryMiB, long usedMiB, int cpu) => pans[host] = new Pan(memoryMiB, usedMiB, cpu * (Whole / 100));

    /// <summary>Memory and processors in use, in percent.</summary>
    public (double Memory, double Cpu) Use(HostId host) => (pans[host].Memory / 10.0, pans[host].Cpu / 10.0);

    public void Move(HostId from, HostId to, long memoryMiB)
    {
        var (gives, takes) = Moved(pans[from], pans[to], memoryMiB);
        (pans[from], pans[to]) = (gives, takes);
    }

    /// <summary>
    /// By how much the imbalance falls with a move, in percent points. Nothing when memory alone would be less balanced than now: what a
    /// move does to processors is a guess, and guests that go after it would come back.
    /// </summary>
    public double Gain(HostId from, HostId to, long memoryMiB)
    {
        var (gives, takes) = Moved(pans[from], pans[to], memoryMiB);
        var (now, then) = (
            Squares(pans.Values), Squares(pans.Select(pan => pan.Key == from ? gives : pan.Key == to ? takes : pan.Value)));
        return then.Memory > now.Memory ? 0 : Imbalance(now) - Imbalance(then);
    }

    /// <summary>How far hosts are from being used alike: the standard deviation of their use, in percent points.</summary>
    public double Imbalance() => Imbalance(Squares(pans.Values));

    private static (long Count, long Memory, long Cpu) Squares(IEnumerable<Pan> all)
    {
        var (count, memory, memories, cpu, cpus) = (0L, 0L, 0L, 0L, 0L);
        foreach (var pan in all)
        {
            count++;
            (memory, memories) = (memory + pan.Memory, memories + (pan.Memory * pan.Memory));
            (cpu, cpus) = (cpu + pan.Cpu, cpus + (pan.Cpu * pan.Cpu));
        }

        return (count, (count * memories) - (memory * memory), (count * cpus) - (cpu * cpu));
    }

    private static double Imbalance((long Count, long Memory, long Cpu) squares) => squares.Count == 0 ? 0 : Math.Sqrt(
        ((MemoryWeight * squares.Memory) + (CpuWeight * squares.Cpu))
        / (double)((MemoryWeight + CpuWeight) * squares.Count * squares.Count)) / 10;

    // Nobody measures the processors that one guest uses: its part of the memory in use stands for its part of the load.
    private static (Pan Gives, Pan Takes) Moved(Pan giver, Pan taker, long memoryMiB)
    {
        var load = giver.UsedMiB > 0 ? giver.Cpu * Math.Min(memoryMiB, giver.UsedMiB) / giver.UsedMiB : 0;
        return (
            giver with { UsedMiB = giver.UsedMiB - memoryMiB, Cpu = giver.Cpu - load },
            taker with { UsedMiB = taker.UsedMiB + memoryMiB, Cpu = Math.Min(Whole, taker.Cpu + load) });
    }

    /// <param name="Cpu">In thousandth parts, as <see cref="Memory"/>.</param>
    private sealed record Pan(long MemoryMiB, long UsedMiB, long Cpu)
    {
        public long Memory => MemoryMiB > 0 ? UsedMiB * Whole / MemoryMiB : 0;
    }
}
