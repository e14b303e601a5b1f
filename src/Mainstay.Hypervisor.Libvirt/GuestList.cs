using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>What is read of the guests on a lane.</summary>
internal static class GuestList
{
    /// <summary>libvirt's domains, corrected by the processes: one that exists means running, whatever libvirt believes.</summary>
    internal static GuestInventory Read(LibvirtConnection connection)
    {
        var guests = new SortedDictionary<string, GuestObservation>(StringComparer.Ordinal);

        // One question for all that run; only the others are asked one by one, for how they ended.
        var running = new HashSet<string>(StringComparer.Ordinal);
        foreach (var domain in connection.Domains(DomainFilter.Running))
        {
            using (domain)
                running.Add(domain.Uuid);
        }

        foreach (var domain in connection.Domains(DomainFilter.All))
        {
            using (domain)
            {
                if ((running.Contains(domain.Uuid) ? DomainState.Running : ReadState(domain)) is { } state)
                    guests[domain.Uuid] = new GuestObservation(new GroupId(domain.Name), domain.Uuid, state.RunState, state.LastStop);
            }
        }

        foreach (var process in GuestProcessScan.Run())
        {
            if (!guests.TryGetValue(process.Uuid, out var known))
            {
                guests[process.Uuid] = new GuestObservation(
                    new GroupId(process.Name ?? process.Uuid), process.Uuid, GuestRunState.Running, GuestStopCause.Unclear);
            }
            else if (known.State == GuestRunState.Stopped)
            {
                guests[process.Uuid] = known with { State = GuestRunState.Running };
            }
        }

        return new GuestInventory(guests.Values.OrderBy(guest => guest.Guest).ToValueList());
    }

    internal static Observed<GuestDefinition?> ReadDefinition(LibvirtConnection connection, GroupId guest)
    {
        using var domain = connection.FindByName(guest.Name);
        if (domain is null)
            return new Observed<GuestDefinition?>.Known(null);
        var xml = LibvirtConnection.Definition(domain);
        if (DomainXml.Parse(xml, out var why) is not { } parsed)
            return new Observed<GuestDefinition?>.Unknown(why);
        return new Observed<GuestDefinition?>.Known(new GuestDefinition(
            guest, domain.Uuid, xml, parsed.MemoryMiB, LibvirtConnection.Autostart(domain), LibvirtConnection.StateOf(domain).RunState)
        {
            Disks = parsed.Disks,
        });
    }

    /// <summary>Null when the domain went away since it was listed.</summary>
    private static DomainState? ReadState(DomainHandle domain)
    {
        try
        {
            return LibvirtConnection.StateOf(domain);
        }
        catch (LibvirtException failure) when (failure.Code == LibvirtErrors.NoDomain)
        {
            return null;
        }
    }
}
