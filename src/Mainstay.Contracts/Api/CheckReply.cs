namespace Mainstay.Contracts.Api;

/// <summary>Whether settings, hosts and what was measured fit together.</summary>
public sealed record CheckReply
{
    public int Schema { get; set; } = 1;

    /// <summary>The profile that was judged: <c>aggressive</c>, <c>balanced</c> or <c>conservative</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>Those that refuse first.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>Hosts whose agents did not answer: nothing that is measured there was judged.</summary>
    public required IReadOnlyList<string> Unheard { get; init; }

    /// <summary>The clocks of the hosts against each other; null from an agent of an earlier build.</summary>
    public CheckedClocks? Clocks { get; init; }
}

/// <summary>How the clocks of all pairs of hosts run.</summary>
public sealed record CheckedClocks
{
    /// <summary>Pairs of hosts in the cluster.</summary>
    public required int Pairs { get; init; }

    /// <summary>Of those, how many have heard each other for five minutes. Nothing is known of the others.</summary>
    public required int Measured { get; init; }

    /// <summary>The largest difference, in millionth parts; null when none was measured.</summary>
    public double? WorstPpm { get; init; }

    /// <summary>The pair that differs so, such as <c>n1 and n2</c>; null when none was measured.</summary>
    public string? Worst { get; init; }
}

/// <summary>Something that does not fit.</summary>
public sealed record CheckFinding
{
    /// <summary><c>V1</c> to <c>V13</c>.</summary>
    public required string Rule { get; init; }

    /// <summary><c>refuse</c> or <c>warn</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>The host it is about; null for the cluster.</summary>
    public string? Host { get; init; }

    public required string What { get; init; }

    /// <summary>What is so now.</summary>
    public required string Value { get; init; }

    public required string Mend { get; init; }
}

/// <summary>How late a beacon's loop woke since it began, in milliseconds.</summary>
public sealed record LoopReading
{
    public required long WakeUps { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    public required double MaxMs { get; init; }
}
