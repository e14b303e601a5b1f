namespace Mainstay.Lab.Demo;

/// <summary>How a demonstration is run.</summary>
internal sealed record DemoOptions
{
    public required LabOptions Lab { get; init; }

    public required int Guests { get; init; }

    public required LabFence Fence { get; init; }

    /// <summary>Leaves the lab up at the end.</summary>
    public required bool Keep { get; init; }
}
