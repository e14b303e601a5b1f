namespace Mainstay.Contracts.Api;

/// <summary>How patient the cluster is before it fences on silence.</summary>
public sealed record ProfileRequest
{
    /// <summary><c>aggressive</c>, <c>balanced</c> or <c>conservative</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>Also when what was measured speaks against it.</summary>
    public bool Anyway { get; init; }
}
