using Mainstay.Simulator;

namespace Mainstay.Cli;

/// <summary>What came of fuzzing, as <c>simulate fuzz --json</c> prints it.</summary>
internal sealed record FuzzReport
{
    public required int Seeds { get; init; }

    public required ulong From { get; init; }

    public required int Passed { get; init; }

    public required IReadOnlyList<FuzzReportFailure> Failures { get; init; }

    public required double VirtualSeconds { get; init; }

    public required double Seconds { get; init; }

    public required double VirtualSecondsPerSecond { get; init; }

    public static FuzzReport Of(FuzzResult result, ulong from) => new()
    {
        Seeds = result.Seeds,
        From = from,
        Passed = result.Seeds - result.Failures.Count,
        Failures = [.. result.Failures.Select(failure => new FuzzReportFailure
        {
            Seed = failure.Seed,
            Violations = [.. failure.Result.Violations.Select(violation => violation.ToString().Trim())],
            Missed = [.. failure.Result.Missed.Select(missed => missed.ToString().Trim())],
            Replay = failure.Replay,
            Scenario = failure.Scenario,
        })],
        VirtualSeconds = Math.Round(result.VirtualSeconds, 3),
        Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
        VirtualSecondsPerSecond = Math.Round(result.VirtualSecondsPerSecond),
    };
}

/// <summary>A seed that broke a rule.</summary>
internal sealed record FuzzReportFailure
{
    public required ulong Seed { get; init; }

    public required IReadOnlyList<string> Violations { get; init; }

    public required IReadOnlyList<string> Missed { get; init; }

    public required string Replay { get; init; }

    /// <summary>Shortened as far as the same rule still breaks.</summary>
    public required string Scenario { get; init; }
}
