namespace Mainstay.Contracts.Api;

/// <summary>One fact, as the journal keeps it and <c>events</c> shows it.</summary>
public sealed record EventEntry
{
    /// <summary>
    /// The number of a notice: not out of a journal, but about the stream, such as a host whose agent does not answer. It has no fact.
    /// </summary>
    public const long NoticeSeq = 0;

    /// <summary>Numbers the entries of one host from 1; rises across restarts of its agent.</summary>
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
