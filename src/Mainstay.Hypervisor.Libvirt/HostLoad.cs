using System.Globalization;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>Processor time and memory of this host from /proc.</summary>
internal readonly record struct HostLoad(long Busy, long Total)
{
    /// <summary>Clock ticks since the boot, over all cores.</summary>
    internal static HostLoad Read()
    {
        using var reader = new StreamReader("/proc/stat");
        var fields = (reader.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long total = 0, idle = 0;
        // user nice system idle iowait irq softirq steal; guest time is already part of user time.
        for (var i = 1; i < Math.Min(fields.Length, 9); i++)
        {
            var ticks = long.Parse(fields[i], CultureInfo.InvariantCulture);
            total += ticks;
            if (i is 4 or 5)
                idle += ticks;
        }

        return new HostLoad(total - idle, total);
    }

    internal int PercentSince(HostLoad earlier) =>
        Total <= earlier.Total ? 0 : (int)Math.Clamp((Busy - earlier.Busy) * 100 / (Total - earlier.Total), 0, 100);

    /// <summary>Processors of the host, also those that this process may not use.</summary>
    internal static int Cores() =>
        File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal) && line.Length > 3 && line[3] != ' ');

    /// <summary>Memory for guests; what is set aside as huge pages is counted apart.</summary>
    internal static long MemoryMiB()
    {
        var (total, huge) = (0L, 0L);
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
                total = KiB(line);
            else if (line.StartsWith("Hugetlb:", StringComparison.Ordinal))
                huge = KiB(line);
        }

        return Math.Max(0, total - huge) / 1024;
    }

    private static long KiB(string line) =>
        long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
