namespace Mainstay.Lab.Guests;

/// <summary>A guest of the lab.</summary>
/// <param name="Shareable">Without QEMU's image locks, to show that it is Mainstay which prevents a second start.</param>
public sealed record LabGuest(string Name, LabGuestKind Kind = LabGuestKind.BootSector, bool Shareable = false)
{
    /// <summary>The path of its disk on every host.</summary>
    public string DiskPath => $"/srv/shared/{Name}.raw";
}
