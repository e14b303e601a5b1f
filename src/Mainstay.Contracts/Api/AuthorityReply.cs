namespace Mainstay.Contracts.Api;

/// <summary>The cluster's certificate authority, public part. The join token pins its fingerprint.</summary>
public sealed record AuthorityReply
{
    /// <summary>PEM.</summary>
    public required string Certificate { get; init; }
}
