using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>What guests need of hosts: written into their definitions, and found by the hosts' agents.</summary>
internal static class SimNeeds
{
    public const string Kinds = "bridge:NAME, network:NAME, pool:NAME, file:/PATH or pci:0000:03:00.0";

    private const long PageKiB = 2048;

    public static bool IsItem(string text) => Element(text) is not null;

    /// <summary>As libvirt writes them.</summary>
    public static string Elements(GuestStart start)
    {
        var vcpus = start.Vcpus > 0 ? string.Create(CultureInfo.InvariantCulture, $"<vcpu>{start.Vcpus}</vcpu>") : "";
        var pages = start.InPages ? "<memoryBacking><hugepages/></memoryBacking>" : "";
        return $"{vcpus}{pages}{(start.Needs.IsEmpty ? "" : $"<devices>{string.Concat(start.Needs.Select(Element))}</devices>")}";
    }

    /// <summary>What a host's agent finds of all that the protected guests need.</summary>
    public static NodeInput.OfferSeen Seen(VirtualWorld world, SimHost host)
    {
        var start = world.Start.Hosts.First(known => known.Id == host.Id);
        var items = world.Guests.Where(guest => GroundTruth.Spec(world, guest.Id) is not null)
            .SelectMany(guest => guest.Start.Needs).Where(item => !host.Hidden.Contains(item)).ToArray();
        var used = host.Hypervisor.Active.Where(domain => domain.Guest.Start.InPages).Sum(domain => domain.Guest.MemoryMiB);
        return new NodeInput.OfferSeen(
            start.Cpus,
            start.PagesMiB > 0 ? [new PageOffer(PageKiB, start.PagesMiB, used)] : [],
            items.Where(item => !host.Lacks.Contains(item)).Distinct().Order(StringComparer.Ordinal).ToValueList(),
            items.Where(host.Lacks.Contains).Distinct().Order(StringComparer.Ordinal)
                .Select(item => new MissingItem(item, "it does not exist there")).ToValueList());
    }

    private static string? Element(string item) => item.Split(':', 2) switch
    {
        ["bridge", { Length: > 0 } name] => $"<interface type='bridge'><source bridge='{name}'/></interface>",
        ["network", { Length: > 0 } name] => $"<interface type='network'><source network='{name}'/></interface>",
        ["pool", { Length: > 0 } name] => $"<disk type='volume'><source pool='{name}' volume='one'/></disk>",
        ["file", ['/', ..] path] => $"<disk type='file'><source file='{path}'/></disk>",
        ["pci", { Length: 12 } at] => $"<hostdev type='pci'><source><address domain='0x{at[..4]}' bus='0x{at[5..7]}' slot='0x{at[8..10]}' "
            + $"function='0x{at[11..]}'/></source></hostdev>",
        _ => null,
    };
}
