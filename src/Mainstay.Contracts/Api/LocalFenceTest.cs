namespace Mainstay.Contracts.Api;

/// <summary>A test of one fence method of one host.</summary>
public sealed record LocalFenceTest
{
    public required string Host { get; init; }

    public required FenceTestResult Result { get; init; }
}
