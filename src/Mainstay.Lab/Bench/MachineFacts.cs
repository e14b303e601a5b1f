using System.Globalization;

namespace Mainstay.Lab.Bench;

/// <summary>What a figure depends on besides the programs: the machine and how busy it was when the measurement began.</summary>
internal sealed record MachineFacts
{
    public required int Cores { get; init; }

    public required string Processor { get; init; }

    public required int MemoryMib { get; init; }

    /// <summary>Load average of the last minute, and of the last fifteen.</summary>
    public required double Load1 { get; init; }

    public required double Load15 { get; init; }

    /// <summary>Whether agents and beacons are native code or run on the .NET runtime, by the programs that the lab will use.</summary>
    public required string Programs { get; init; }

    public static MachineFacts Now(LabOptions lab)
    {
        var load = File.ReadAllText("/proc/loadavg").Split(' ');
        return new MachineFacts
        {
            Cores = Environment.ProcessorCount,
            Processor = Line("/proc/cpuinfo", "model name") ?? "unknown",
            MemoryMib = int.TryParse(Line("/proc/meminfo", "MemTotal")?.Split(' ')[0], CultureInfo.InvariantCulture, out var kib)
                ? kib / 1024 : 0,
            Load1 = double.Parse(load[0], CultureInfo.InvariantCulture),
            Load15 = double.Parse(load[2], CultureInfo.InvariantCulture),
            Programs = Hosts.ProgramLinks.Find(lab, "mainstay-agent") is { } agent && !File.Exists(agent + ".dll") && !IsManaged(agent)
                ? "native" : "on the .NET runtime",
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Cores} cores ({Processor}), {MemoryMib / 1024.0:0.0} GiB, load average {Load1:0.0} (15 min: {Load15:0.0}), agents {Programs}");

    /// <summary>Follows the link that a checkout's program directory holds.</summary>
    private static bool IsManaged(string program) =>
        File.ResolveLinkTarget(program, returnFinalTarget: true) is { } target && File.Exists(target.FullName + ".dll");

    private static string? Line(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() : null;
}
