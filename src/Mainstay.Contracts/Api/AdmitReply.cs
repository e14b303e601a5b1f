namespace Mainstay.Contracts.Api;

/// <summary>What makes a machine a member. Travels only over the connection whose authority the token pinned.</summary>
public sealed record AdmitReply
{
    public required string Cluster { get; init; }

    public required string ClusterId { get; init; }

    public required int Number { get; init; }

    /// <summary>The host's certificate, PEM.</summary>
    public required string Certificate { get; init; }

    /// <summary>The authority's certificate and key, PEM: any member can admit others.</summary>
    public required string AuthorityCertificate { get; init; }

    public required string AuthorityKey { get; init; }

    /// <summary>32 bytes, base64.</summary>
    public required string ClusterKey { get; init; }

    /// <summary>Client addresses of the store, <c>https://ADDRESS:PORT</c>.</summary>
    public required IReadOnlyList<string> StoreEndpoints { get; init; }
}
