namespace Mainstay.Contracts.Api;

/// <summary>Make this host a member of an existing cluster.</summary>
public sealed record JoinRequest
{
    /// <summary>Any member: an address or name, with <c>:PORT</c> when it is not 7780.</summary>
    public required string Address { get; init; }

    /// <summary>As <c>mainstay init</c> or <c>mainstay token</c> printed it.</summary>
    public required string Token { get; init; }

    /// <summary>This host's name; null takes the short host name.</summary>
    public string? Host { get; init; }

    /// <summary>This host's addresses in the same order of networks as the other hosts'. Empty takes all global addresses.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>It votes, observes and keeps leases, and runs no guests: this machine needs no libvirt.</summary>
    public bool Witness { get; init; }
}
