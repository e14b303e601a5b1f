namespace Mainstay.Contracts.Api;

/// <summary>Adopt a libvirt domain where it runs, or all domains of all hosts.</summary>
public sealed record ProtectRequest
{
    /// <summary>The domain's name; null together with <see cref="All"/>.</summary>
    public string? Guest { get; init; }

    public bool All { get; init; }

    /// <summary>Also when its disks carry another cluster's stamp, or a later one: somebody knows that it runs nowhere else.</summary>
    public bool TakeOver { get; init; }

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

    /// <summary>0 (served first) to 4; 2 unless named.</summary>
    public int Tier { get; set; } = 2;

    /// <summary>
    /// For a group of a lower tier number that finds no place otherwise: <c>never</c> (default), <c>moves</c> or <c>stops</c>.
    /// </summary>
    public string Yields { get; set; } = "never";

    /// <summary>Why it is protected although it takes room that is kept for a loss. Empty: then it is refused.</summary>
    public string Override { get; init; } = "";
}
