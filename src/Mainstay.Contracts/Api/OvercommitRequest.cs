namespace Mainstay.Contracts.Api;

/// <summary>How many virtual processors may share one of a host.</summary>
public sealed record OvercommitRequest
{
    /// <summary>0: any number.</summary>
    public required int VcpusPerCpu { get; init; }
}
