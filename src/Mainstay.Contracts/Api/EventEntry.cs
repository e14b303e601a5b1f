namespace Mainstay.Contracts.Api;

/// <summary>One fact, as the journal keeps it and <c>events</c> shows it.</summary>
public sealed record EventEntry
{
    /// <summary>Numbers the entries of one host; rises across restarts of its agent.</summary>
    public required long Seq { get; init; }

    /// <summary>The host's wall clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The host's monotonic clock in milliseconds since its boot.</summary>
    public required double MonotonicMs { get; init; }

    /// <summary>The host whose agent reports it.</summary>
    public required string Host { get; init; }

    /// <summary>The fact's name, such as <c>HostFenced</c>.</summary>
    public required string Fact { get; init; }

    /// <summary>The fact's fields by name.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Text { get; init; }
}
