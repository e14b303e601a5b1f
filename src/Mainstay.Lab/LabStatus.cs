namespace Mainstay.Lab;

/// <summary>What the lab's supervisor knows: power, faults and addresses, not what Mainstay believes.</summary>
public sealed record LabStatus
{
    public required string Name { get; init; }

    public required string StateDirectory { get; init; }

    public required string RunnerAddress { get; init; }

    public required int SupervisorPid { get; init; }

    public required IReadOnlyList<LabHostStatus> Hosts { get; init; }

    public required IReadOnlyList<LinkCut> Cuts { get; init; }
}
