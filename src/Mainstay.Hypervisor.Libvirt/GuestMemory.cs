namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// The memory that the guests with a process may take. It is read every few seconds and hardly ever changes, so libvirt is asked once for
/// each life of a guest, and for all again after some readings, because memory can be plugged in. Used on one lane's only thread.
/// </summary>
internal sealed class GuestMemory
{
    private const int AllAgainAfter = 15;

    private readonly Dictionary<(string Uuid, uint Life), long> known = [];
    private int readings;

    internal long InUseMiB(LibvirtConnection connection)
    {
        if (readings++ % AllAgainAfter == 0)
            known.Clear();
        long kibibytes = 0;
        var seen = new HashSet<(string, uint)>();
        foreach (var domain in connection.Domains(DomainFilter.Active))
        {
            using (domain)
            {
                var life = (domain.Uuid, domain.Life);
                seen.Add(life);
                if (!known.TryGetValue(life, out var size) || size == 0)
                    known[life] = size = LibvirtConnection.MaxMemoryKiB(domain);
                kibibytes += size;
            }
        }

        foreach (var ended in known.Keys.Where(life => !seen.Contains(life)).ToArray())
            known.Remove(ended);
        return kibibytes / 1024;
    }
}
