namespace Mainstay.Contracts.Api;

/// <summary>Give a guest back to libvirt where it is; it runs on.</summary>
public sealed record ReleaseRequest
{
    public required string Guest { get; init; }
}
