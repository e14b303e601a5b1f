namespace Mainstay.Contracts.Api;

/// <summary>One reading of a host's power through one fence method.</summary>
public sealed record FenceTestResult
{
    public required string Method { get; init; }

    public required string Agent { get; init; }

    /// <summary>The power was read, and does not contradict what is heard of the host.</summary>
    public required bool Ok { get; init; }

    /// <summary><c>on</c> or <c>off</c>; null when it was not read.</summary>
    public string? Power { get; init; }

    /// <summary>
    /// Null when it was read, else <c>agent_missing</c>, <c>bad_options</c>, <c>login_failed</c>, <c>unreachable</c>, <c>timeout</c>,
    /// <c>failed</c>, or <c>wrong_host</c>: it was read as off although the host is heard.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>One sentence for people: what was read, or what is wrong and what to do.</summary>
    public required string Text { get; init; }

    public required double Seconds { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The host that tested.</summary>
    public required string By { get; init; }
}
