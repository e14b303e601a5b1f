using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Demo;

/// <summary>What a demonstration showed, as <c>--json</c> prints it. What could not be measured is absent.</summary>
internal sealed record DemoReport
{
    /// <summary>Guests that run and beat on their disk at the end.</summary>
    public required int Recovered { get; init; }

    public required int Guests { get; init; }

    /// <summary>Guests on whose disk two instances wrote; absent when the disks were not read.</summary>
    public int? DoubleRuns { get; init; }

    /// <summary>Seconds after the host's death.</summary>
    public DemoSeconds? Seconds { get; init; }

    /// <summary>What is not as it should be; absent when all is well.</summary>
    public IReadOnlyList<string>? Problems { get; init; }
}

/// <summary>When each phase was reached, in seconds after the host's death.</summary>
internal sealed record DemoSeconds
{
    public double? Suspected { get; init; }

    public double? Proved { get; init; }

    /// <summary>The last guest has a new host.</summary>
    public double? Assigned { get; init; }

    public DemoSpread? Started { get; init; }

    public DemoSpread? Speaks { get; init; }

    public static DemoSeconds Of(Failover failover) => new()
    {
        Suspected = Round(failover.Suspected),
        Proved = Round(failover.Proved),
        Assigned = Round(failover.LastAssigned),
        Started = DemoSpread.Of(failover.Sorted(times => times.Started)),
        Speaks = DemoSpread.Of(failover.Sorted(times => times.Speaks)),
    };

    private static double? Round(double? seconds) => seconds is { } known ? Sample.Round(known) : null;
}

/// <summary>The middle guest and the last one.</summary>
internal sealed record DemoSpread
{
    public required double Median { get; init; }

    public required double Max { get; init; }

    public static DemoSpread? Of(IReadOnlyList<double>? seconds) =>
        seconds is not null && Sample.Of(seconds) is { } sample ? new DemoSpread { Median = sample.Median, Max = sample.Max } : null;
}
