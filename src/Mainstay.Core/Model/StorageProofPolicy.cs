namespace Mainstay.Core.Model;

/// <summary>
/// When a guest may run elsewhere because its old host was cut off from all its disks, although it may still execute there.
/// </summary>
public enum StorageProofPolicy
{
    /// <summary>Only when the keepers have shown besides that a living beacon there must have paused it (default).</summary>
    Frozen,

    /// <summary>Never: it waits for a proof that the old host runs nothing.</summary>
    Never,

    /// <summary>As soon as its writes are cut off. Meant for guests without effects besides their disks.</summary>
    Always,
}
