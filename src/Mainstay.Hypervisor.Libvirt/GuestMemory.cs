using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;

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
    private readonly Dictionary<(string Uuid, uint Life), (IReadOnlyList<string> Directories, GuestNeeds? Needs)> definitions = [];
    private int readings;

    internal ActiveGuests Read(LibvirtConnection connection)
    {
        if (readings++ % AllAgainAfter == 0)
            known.Clear();
        long mebibytes = 0;
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
                if (!definitions.TryGetValue(life, out var defined))
                {
                    var xml = LibvirtConnection.Definition(domain);
                    definitions[life] = defined = (DomainXml.DiskDirectories(xml), NeedsReader.Of(xml));
                }

                // As the cluster counts what is protected.
                mebibytes += GuestNeeds.HostMemoryMiB((size + 1023) / 1024, defined.Needs);
                guests.Add(new ActiveGuest(domain.Uuid, domain.Name, defined.Directories));
            }
        }

        foreach (var ended in definitions.Keys.Where(life => !seen.Contains(life)).ToArray())
        {
            known.Remove(ended);
            definitions.Remove(ended);
        }

        return new ActiveGuests(mebibytes, guests);
    }
}
