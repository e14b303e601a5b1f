namespace Mainstay.Cli.Config;

/// <summary>How a configuration file differs from the cluster, and what was done about it.</summary>
internal sealed record ConfigReport
{
    public string Kind { get; init; } = "config_plan";

    public int Schema { get; init; } = 1;

    public required string File { get; init; }

    public required string Cluster { get; init; }

    /// <summary>When the cluster was looked at.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>In the order in which they are asked for.</summary>
    public required IReadOnlyList<ConfigReportLine> Changes { get; init; }

    public static ConfigReport Of(ConfigFile file, IReadOnlyList<string> outcomes) => new()
    {
        File = file.Name,
        Cluster = file.Known.Reply.Cluster,
        Taken = file.Known.Reply.Taken,
        Changes =
        [
            .. file.Steps.SelectMany((step, i) => step.Changes.Select(change =>
                new ConfigReportLine(change.Subject, change.Setting, change.Now, change.Wanted, outcomes[i]))),
        ],
    };

    public static ConfigReport Of(ConfigFile file) => Of(file, [.. file.Steps.Select(_ => ConfigReportLine.Proposed)]);
}

/// <summary>One difference.</summary>
/// <param name="Setting">Empty when it is about the subject as a whole.</param>
/// <param name="Outcome">
/// <c>proposed</c>, <c>done</c>, <c>refused</c>, <c>unknown</c>, or <c>not_asked</c> after one that failed.
/// </param>
internal sealed record ConfigReportLine(string Subject, string Setting, string Now, string Wanted, string Outcome)
{
    public const string Proposed = "proposed";
    public const string Done = "done";
    public const string Refused = "refused";
    public const string Unknown = "unknown";
    public const string NotAsked = "not_asked";

    public string Text => new ConfigChange(Subject, Setting, Now, Wanted).ToString();
}
