namespace Mainstay.Contracts.Api;

/// <summary>Adopt a libvirt domain where it runs, or all domains of all hosts.</summary>
public sealed record ProtectRequest
{
    /// <summary>The domain's name; null together with <see cref="All"/>.</summary>
    public string? Guest { get; init; }

    public bool All { get; init; }

    /// <summary>When the guest shuts itself down: <c>stay_down</c> (default) or <c>restart</c>.</summary>
    public string OnGuestShutdown { get; set; } = "stay_down";
}
