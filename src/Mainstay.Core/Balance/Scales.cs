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

    /// <summary>The imbalance after a move, in percent points.</summary>
    public double After(HostId from, HostId to, long memoryMiB)
    {
        var (gives, takes) = Moved(pans[from], pans[to], memoryMiB);
        return Imbalance(pans.Select(pan => pan.Key == from ? gives : pan.Key == to ? takes : pan.Value));
    }

    /// <summary>How far hosts are from being used alike: the standard deviation of their use, in percent points.</summary>
    public double Imbalance() => Imbalance(pans.Values);

    private static double Imbalance(IEnumerable<Pan> all)
    {
        var (count, memory, memories, cpu, cpus) = (0L, 0L, 0L, 0L, 0L);
        foreach (var pan in all)
        {
            count++;
            (memory, memories) = (memory + pan.Memory, memories + (pan.Memory * pan.Memory));
            (cpu, cpus) = (cpu + pan.Cpu, cpus + (pan.Cpu * pan.Cpu));
        }

        if (count == 0)
            return 0;
        var squares = (MemoryWeight * ((count * memories) - (memory * memory))) + (CpuWeight * ((count * cpus) - (cpu * cpu)));
        return Math.Sqrt(squares / (double)((MemoryWeight + CpuWeight) * count * count)) / 10;
    }

    // Nobody measures the processors that one guest uses: its part of the memory in use stands for its part of the load.
    private static (Pan Gives, Pan Takes) Moved(Pan from, Pan to, long memoryMiB)
    {
        var load = from.UsedMiB > 0 ? from.Cpu * Math.Min(memoryMiB, from.UsedMiB) / from.UsedMiB : 0;
        return (
            from with { UsedMiB = from.UsedMiB - memoryMiB, Cpu = from.Cpu - load },
            to with { UsedMiB = to.UsedMiB + memoryMiB, Cpu = Math.Min(Whole, to.Cpu + load) });
    }

    /// <param name="Cpu">In thousandth parts, as <see cref="Memory"/>.</param>
    private sealed record Pan(long MemoryMiB, long UsedMiB, long Cpu)
    {
        public long Memory => MemoryMiB > 0 ? UsedMiB * Whole / MemoryMiB : 0;
    }
}
