namespace Mainstay.Contracts.Beacon;

/// <summary>
/// What the libvirt hook and the beacon say to each other: one line "uuid operation name", one line of answer, then the connection ends.
/// </summary>
public static class HookProtocol
{
    /// <summary>Nobody asks or answers in more bytes.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The guest is not ours to guard.</summary>
    public const string Pass = "pass";

    /// <summary>The guest is protected and may start here now.</summary>
    public const string Ok = "ok";

    /// <summary>No agent has set this beacon up since the host booted: the saved list of protected guests decides.</summary>
    public const string Unset = "unset";

    /// <summary>The guest must not start here; the text for people follows.</summary>
    public const string Refuse = "refuse ";

    /// <summary>The operation by which libvirt says that a guest has ended, or will not come; not answered.</summary>
    public const string GivenUp = "release";

    /// <summary>What a person reads who tries to start a guest that must not start here.</summary>
    /// <param name="standing">Follows "is protected by Mainstay and", for example "owned by n2 (epoch 3)".</param>
    public static string Refusal(string group, string standing) =>
        $"{group} is protected by Mainstay and {(standing.Length == 0 ? "not claimed by this host" : standing)}; "
        + $"use `mainstay start {group}` or `mainstay move {group}`";
}
