namespace Mainstay.Contracts.Api;

/// <summary>Make a new join token.</summary>
public sealed record TokenRequest
{
    /// <summary>How long it may be used: 1 to 10,080 minutes.</summary>
    public int ValidMinutes { get; set; } = 60;
}
