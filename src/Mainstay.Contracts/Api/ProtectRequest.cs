namespace Mainstay.Contracts.Api;

/// <summary>Adopt a libvirt domain where it runs, or all domains of all hosts.</summary>
public sealed record ProtectRequest
{
    /// <summary>The domain's name; null together with <see cref="All"/>.</summary>
    public string? Guest { get; init; }

    public bool All { get; init; }

    /// <summary>When the guest shuts itself down: <c>stay_down</c> (default) or <c>restart</c>.</summary>
    public string OnGuestShutdown { get; set; } = "stay_down";

    /// <summary>
    /// When the keepers do not hear its host any more: <c>freeze_then_kill</c> (default), <c>keep</c> or <c>shutdown</c>.
    /// </summary>
    public string OnIsolation { get; set; } = "freeze_then_kill";

    /// <summary>
    /// When it may run elsewhere because its host was cut off from its disks: <c>frozen</c> (default), <c>never</c> or <c>always</c>.
    /// </summary>
    public string StorageProof { get; set; } = "frozen";

    /// <summary>After the loss of two hosts that it was present at: <c>hold</c> (default) or <c>restart</c>.</summary>
    public string OnRepeatedLoss { get; set; } = "hold";
}
