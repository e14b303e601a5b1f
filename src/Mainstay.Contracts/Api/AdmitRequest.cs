namespace Mainstay.Contracts.Api;

/// <summary>A machine asks to become a member, with a join token.</summary>
public sealed record AdmitRequest
{
    public required string TokenId { get; init; }

    /// <summary>The token's secret, base64url.</summary>
    public required string Secret { get; init; }

    public required string Host { get; init; }

    /// <summary>/etc/machine-id: two members with the same one are clones.</summary>
    public required string MachineId { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>PEM; the key never leaves the new member.</summary>
    public required string CertificateRequest { get; init; }

    /// <summary>The new member's wall clock, to find skew before certificates do.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Version { get; init; }

    /// <summary>It runs no guests.</summary>
    public bool Witness { get; init; }
}
