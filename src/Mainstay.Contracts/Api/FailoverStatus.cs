namespace Mainstay.Contracts.Api;

/// <summary>The last loss of a host after which guests ran again.</summary>
public sealed record FailoverStatus
{
    /// <summary>The host that was lost.</summary>
    public required string Host { get; init; }

    /// <summary>So many of its guests run again and were measured.</summary>
    public required int Guests { get; init; }

    /// <summary>Until the last of them ran, in milliseconds; null when it is not known of all.</summary>
    public long? Ms { get; init; }

    /// <summary>The kinds of proof that let them run elsewhere.</summary>
    public required IReadOnlyList<string> Proofs { get; init; }
}
