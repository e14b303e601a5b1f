namespace Mainstay.Contracts.Api;

/// <summary>Give a host no new guests, or take it out of quarantine whatever put it there.</summary>
public sealed record QuarantineRequest
{
    public required string Host { get; init; }

    public required bool On { get; init; }

    /// <summary>Needed to put it there; shown in the status.</summary>
    public string Reason { get; init; } = "";
}
