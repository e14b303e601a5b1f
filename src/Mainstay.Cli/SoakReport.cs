using Mainstay.Simulator;

namespace Mainstay.Cli;

/// <summary>What came of a soak, as <c>simulate soak --json</c> prints it.</summary>
internal sealed record SoakReport
{
    public required double Hours { get; init; }

    public required double HoursAsked { get; init; }

    public required ulong From { get; init; }

    /// <summary>The last seed; null when none was run.</summary>
    public required ulong? To { get; init; }

    public required int Jobs { get; init; }

    public required int Lives { get; init; }

    /// <summary>Broken rules and missed expectations.</summary>
    public required long Violations { get; init; }

    public required long HostDeaths { get; init; }

    public required long Failovers { get; init; }

    public required SortedDictionary<string, long> Proofs { get; init; }

    public required SortedDictionary<string, long> Brakes { get; init; }

    public required SortedDictionary<string, long> Steps { get; init; }

    public required SortedDictionary<string, long> Facts { get; init; }

    /// <summary>What never occurred, so that nothing was shown about it.</summary>
    public required IReadOnlyList<string> Never { get; init; }

    public required IReadOnlyList<FuzzReportFailure> Findings { get; init; }

    public required double Seconds { get; init; }

    public required double VirtualSecondsPerSecond { get; init; }

    public static SoakReport Of(SoakTally tally, double hoursAsked, ulong from, int jobs, TimeSpan took) => new()
    {
        Hours = Math.Round(tally.VirtualSeconds / 3600, 1),
        HoursAsked = hoursAsked,
        From = from,
        To = tally.Lives > 0 ? from + (ulong)tally.Lives - 1 : null,
        Jobs = jobs,
        Lives = tally.Lives,
        Violations = tally.Violations,
        HostDeaths = tally.HostDeaths,
        Failovers = tally.Failovers,
        Proofs = tally.Proofs,
        Brakes = tally.Brakes,
        Steps = tally.Steps,
        Facts = tally.Facts,
        Never = [.. tally.Never()],
        Findings = [.. tally.Findings.OrderBy(life => life.Seed).Select(life => new FuzzReportFailure
        {
            Seed = life.Seed,
            Violations = [.. life.Result.Violations.Select(violation => violation.ToString().Trim())],
            Missed = [.. life.Result.Missed.Select(missed => missed.ToString().Trim())],
            Replay = life.Replay,
            Scenario = life.Scenario ?? "",
        })],
        Seconds = Math.Round(took.TotalSeconds, 1),
        VirtualSecondsPerSecond = Math.Round(tally.VirtualSeconds / Math.Max(took.TotalSeconds, 0.001)),
    };
}
