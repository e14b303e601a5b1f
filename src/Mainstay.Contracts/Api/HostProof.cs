namespace Mainstay.Contracts.Api;

/// <summary>A recorded proof of the end of a host's session.</summary>
public sealed record HostProof
{
    /// <summary><c>power</c>, <c>new-boot</c>, <c>kdump</c>, <c>orderly</c>, <c>lease</c>, <c>storage</c> or <c>person</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// What it says: <c>everything</c> (it runs nothing any more), <c>held_guests</c> (the guests that do not run on in isolation),
    /// <c>writes</c> (it writes to one storage no more).
    /// </summary>
    public required string Class { get; init; }

    public required string Evidence { get; init; }

    /// <summary>The storage of a storage proof.</summary>
    public string? Storage { get; init; }

    /// <summary>
    /// Guests that still belong to the session and may run elsewhere by this proof, alone or with the others like it; ordered.
    /// </summary>
    public required IReadOnlyList<string> Covers { get; init; }
}
