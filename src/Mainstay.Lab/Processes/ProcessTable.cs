using System.Globalization;
using System.Text;

namespace Mainstay.Lab.Processes;

/// <summary>Reads /proc: which processes live, whose they are, and whether a remembered one is still the same.</summary>
internal static class ProcessTable
{
    /// <summary>What the kernel counts in towards programs, on every architecture that matters here.</summary>
    private const double TicksPerSecond = 100;

    /// <param name="StartTime">Clock ticks since boot; a pid that was given to another process has another start time.</param>
    public readonly record struct Entry(int Pid, int Parent, char State, ulong StartTime)
    {
        public bool Alive => State is not ('Z' or 'X');
    }

    /// <param name="Own">Processor time of all its threads, also those that have ended.</param>
    /// <param name="Children">The same for the processes that it has waited for.</param>
    /// <param name="MemoryMib">Resident; <paramref name="PrivateMib"/> of it belongs to no file.</param>
    public readonly record struct Usage(TimeSpan Own, TimeSpan Children, double MemoryMib, double PrivateMib);

    /// <summary>Null when there is no such process.</summary>
    public static Usage? UsageOf(int pid)
    {
        var stat = Encoding.UTF8.GetString(ReadBytes($"/proc/{pid}/stat"));
        var lines = Encoding.UTF8.GetString(ReadBytes($"/proc/{pid}/status")).Split('\n');
        if (stat.Length == 0 || lines.Length < 2)
            return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new Usage(Time(11) + Time(12), Time(13) + Time(14), Mib("VmRSS:"), Mib("RssAnon:"));

        TimeSpan Time(int field) => TimeSpan.FromSeconds(long.Parse(fields[field], CultureInfo.InvariantCulture) / TicksPerSecond);

        double Mib(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024 : 0;
    }

    public static Entry? Find(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }

        // The name in brackets may hold blanks and brackets; the fields begin behind the last one.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new Entry(
            pid,
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            fields[0][0],
            ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    public static bool IsAlive(int pid, ulong startTime) =>
        Find(pid) is { Alive: true } entry && entry.StartTime == startTime;

    public static IEnumerable<int> All() =>
        from directory in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(directory)
        where char.IsAsciiDigit(name[0])
        select int.Parse(name, CultureInfo.InvariantCulture);

    public static int? ChildOf(int parent)
    {
        foreach (var pid in All())
        {
            if (Find(pid) is { Alive: true } entry && entry.Parent == parent)
                return pid;
        }

        return null;
    }

    /// <summary>The processes that share the pid namespace of <paramref name="pid"/>, itself included.</summary>
    public static IReadOnlyList<int> InNamespaceOf(int pid)
    {
        if (Namespace(pid) is not { } mine)
            return [];
        return [.. All().Where(other => Namespace(other) == mine && Find(other) is { Alive: true })];
    }

    /// <summary>Those whose environment holds exactly this setting.</summary>
    public static IReadOnlyList<int> WithEnvironment(string setting)
    {
        var wanted = Encoding.UTF8.GetBytes(setting + "\0");
        return [.. All().Where(pid => Find(pid) is { Alive: true } && HasSetting(ReadBytes($"/proc/{pid}/environ"), wanted))];
    }

    public static IReadOnlyList<string> CommandLine(int pid) =>
        Encoding.UTF8.GetString(ReadBytes($"/proc/{pid}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What a process sees mounted, as /proc shows it (proc_pid_mountinfo(5)); empty when it is gone.</summary>
    public static string Mounts(int pid) => Encoding.UTF8.GetString(ReadBytes($"/proc/{pid}/mountinfo"));

    private static bool HasSetting(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> wanted)
    {
        for (var at = environment.IndexOf(wanted); at >= 0;)
        {
            if (at == 0 || environment[at - 1] == 0)
                return true;
            var next = environment[(at + 1)..].IndexOf(wanted);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static string? Namespace(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (IOException)
        {
            return [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }
}
