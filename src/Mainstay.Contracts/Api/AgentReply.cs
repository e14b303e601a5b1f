namespace Mainstay.Contracts.Api;

/// <summary>The agent itself: whether it is a member yet.</summary>
public sealed record AgentReply
{
    /// <summary><c>unconfigured</c> (waits for init or join), <c>starting</c>, <c>running</c>.</summary>
    public required string State { get; init; }

    public required string Version { get; init; }

    public required int Pid { get; init; }

    /// <summary>This host's name in the cluster; null when unconfigured.</summary>
    public string? Host { get; init; }

    /// <summary>The cluster's name; null when unconfigured.</summary>
    public string? Cluster { get; init; }

    /// <summary>What it waits for, while it starts.</summary>
    public string? Why { get; init; }
}
