namespace Mainstay.Lab.Measure;

/// <summary>What happened to one guest after its host died, in seconds after the death; null: not yet.</summary>
internal sealed record GuestTimes
{
    public required string Guest { get; init; }

    /// <summary>Where it was started.</summary>
    public string? Host { get; set; }

    public double? Assigned { get; set; }

    public double? Started { get; set; }

    /// <summary>Its first word after the boot.</summary>
    public double? Speaks { get; set; }
}
