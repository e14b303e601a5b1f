namespace Mainstay.Hypervisor.Libvirt;

/// <summary>A guest with a process, as one reading found it.</summary>
/// <param name="Directories">Where the files of its disks are.</param>
internal sealed record ActiveGuest(string Uuid, string Name, IReadOnlyList<string> Directories);

/// <summary>All guests with a process, and the memory that they may take.</summary>
internal sealed record ActiveGuests(long InUseMiB, IReadOnlyList<ActiveGuest> Guests);
