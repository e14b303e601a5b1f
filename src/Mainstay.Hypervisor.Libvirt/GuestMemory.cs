namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// The guests with a process and the memory that they may take. It is read every few seconds and hardly ever changes, so libvirt is asked
/// once for each life of a guest, and for the memory of all again after some readings, because memory can be plugged in. Used on one lane's
/// only thread.
/// </summary>
internal sealed class GuestMemory
{
    private const int AllAgainAfter = 15;

    private readonly Dictionary<(string Uuid, uint Life), long> known = [];
    private readonly Dictionary<(string Uuid, uint Life), IReadOnlyList<string>> directories = [];
    private int readings;

    internal ActiveGuests Read(LibvirtConnection connection)
    {
        if (readings++ % AllAgainAfter == 0)
            known.Clear();
        long kibibytes = 0;
        var seen = new HashSet<(string, uint)>();
        var guests = new List<ActiveGuest>();
        foreach (var domain in connection.Domains(DomainFilter.Active))
        {
            using (domain)
            {
                var life = (domain.Uuid, domain.Life);
                seen.Add(life);
                if (!known.TryGetValue(life, out var size) || size == 0)
                    known[life] = size = LibvirtConnection.MaxMemoryKiB(domain);
                if (!directories.TryGetValue(life, out var places))
                    directories[life] = places = DomainXml.DiskDirectories(LibvirtConnection.Definition(domain));
                kibibytes += size;
                guests.Add(new ActiveGuest(domain.Uuid, domain.Name, places));
            }
        }

        foreach (var ended in directories.Keys.Where(life => !seen.Contains(life)).ToArray())
        {
            known.Remove(ended);
            directories.Remove(ended);
        }

        return new ActiveGuests(kibibytes / 1024, guests);
    }
}
