using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Bench;

/// <summary>What <c>bench idle --json</c> prints: what Mainstay's processes take while nothing happens.</summary>
internal sealed record IdleReport
{
    public string Bench { get; init; } = "idle";

    public required MachineFacts Machine { get; init; }

    public required int Hosts { get; init; }

    public required int Guests { get; init; }

    /// <summary>How long it was measured.</summary>
    public required double Seconds { get; init; }

    public required IReadOnlyList<IdleProcess> Processes { get; init; }
}

/// <summary>One process over the time of the measurement.</summary>
/// <param name="Cpu">Percent of one core.</param>
/// <param name="ChildrenCpu">The same for the programs it ran and waited for.</param>
/// <param name="MemoryMib">Resident, at the end; <paramref name="PrivateMib"/> of it belongs to no file.</param>
internal sealed record IdleProcess(string Host, string Program, double Cpu, double ChildrenCpu, double MemoryMib, double PrivateMib);
