namespace Mainstay.Contracts.Api;

/// <summary>The host whose agent is asked is about to be shut down.</summary>
public sealed record LeaveRequest
{
    /// <summary><c>move</c>: its guests go to other hosts; <c>keep</c>: they are shut down and start there again when it returns.</summary>
    public required string Policy { get; init; }
}
