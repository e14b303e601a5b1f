namespace Mainstay.Cli;

/// <summary>What <c>mainstay balance --json</c> prints.</summary>
internal sealed record BalanceReport
{
    public required string Cluster { get; init; }

    /// <summary>When the cluster was looked at.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>How far hosts are from being used alike, in percent points.</summary>
    public required double ImbalanceBefore { get; init; }

    /// <summary>The same after all moves.</summary>
    public required double ImbalanceAfter { get; init; }

    /// <summary>The hosts that take guests.</summary>
    public required IReadOnlyList<BalanceHost> Hosts { get; init; }

    /// <summary>In the order in which they are made.</summary>
    public required IReadOnlyList<BalanceStep> Moves { get; init; }

    /// <summary>There would be more moves worth making.</summary>
    public required bool More { get; init; }
}

/// <summary>How a host is used, in percent.</summary>
internal sealed record BalanceHost(string Host, double MemoryBefore, double MemoryAfter, double CpuBefore, double CpuAfter);

/// <summary>One move.</summary>
/// <param name="Gain">By so many percent points the imbalance falls.</param>
/// <param name="Outcome"><c>proposed</c>, <c>done</c>, <c>refused</c>, <c>unknown</c>, or <c>not_asked</c> after one that failed.</param>
internal sealed record BalanceStep(string Guest, string From, string To, double Gain, string Why, string Outcome);
