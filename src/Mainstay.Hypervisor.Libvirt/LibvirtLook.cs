using Mainstay.Core.Placement.Needs;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// What only libvirt can tell: machines and processors that its QEMU offers, networks and pools. The former change with an upgrade only and
/// are asked for again after some looks. Used on one lane's only thread.
/// </summary>
internal sealed class LibvirtLook
{
    private const int AllAgainAfter = 20;

    private readonly Dictionary<string, ItemSight> lasting = new(StringComparer.Ordinal);
    private int looks;

    internal IReadOnlyDictionary<string, ItemSight> Read(LibvirtConnection connection, IReadOnlyList<NeededItem> items)
    {
        if (looks++ % AllAgainAfter == 0)
            lasting.Clear();
        var seen = new Dictionary<string, ItemSight>(StringComparer.Ordinal);
        foreach (var (item, detail) in items)
        {
            var (kind, name) = (item[..item.IndexOf(':', StringComparison.Ordinal)], item[(item.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            seen[item] = kind switch
            {
                "network" => Network(connection, name),
                "pool" => Pool(connection, name),
                "machine" => Lasting(item, () => Machine(connection, name)),
                "cpu" => Lasting(item, () => Cpu(connection, detail)),
                _ => ItemSight.Unknown,
            };
        }

        return seen;
    }

    private ItemSight Lasting(string item, Func<ItemSight> look)
    {
        if (!lasting.TryGetValue(item, out var known))
        {
            known = look();
            if (known.IsThere is not null)
                lasting[item] = known;
        }

        return known;
    }

    private static ItemSight Machine(LibvirtConnection connection, string name)
    {
        if (name.Split('/') is not [var architecture, var machine, var virtualization])
            return ItemSight.Unknown;
        var capabilities = LibvirtItems.virConnectGetDomainCapabilities(
            connection.Handle, null, architecture, machine, virtualization, 0);
        if (capabilities == 0)
            return Refused(LibvirtErrors.InvalidArgument, LibvirtErrors.ConfigurationUnsupported);
        LibvirtNative.TakeText(capabilities);
        return ItemSight.There;
    }

    private static ItemSight Cpu(LibvirtConnection connection, string definition) => definition.Length == 0
        ? ItemSight.Unknown
        : LibvirtItems.virConnectCompareHypervisorCPU(connection.Handle, null, null, null, null, definition, 0) switch
        {
            0 => ItemSight.Missing("this host's QEMU does not offer such a processor"),
            > 0 => ItemSight.There,
            _ => ItemSight.Unknown,
        };

    private static ItemSight Network(LibvirtConnection connection, string name)
    {
        var network = LibvirtItems.virNetworkLookupByName(connection.Handle, name);
        if (network == 0)
            return Refused(LibvirtErrors.NoNetwork);
        var active = LibvirtItems.virNetworkIsActive(network);
        _ = LibvirtItems.virNetworkFree(network);
        return Active(active);
    }

    private static ItemSight Pool(LibvirtConnection connection, string name)
    {
        var pool = LibvirtItems.virStoragePoolLookupByName(connection.Handle, name);
        if (pool == 0)
            return Refused(LibvirtErrors.NoStoragePool);
        var active = LibvirtItems.virStoragePoolIsActive(pool);
        _ = LibvirtItems.virStoragePoolFree(pool);
        return Active(active);
    }

    private static ItemSight Active(int answer) => answer switch
    {
        0 => ItemSight.Missing("it is not active"),
        1 => ItemSight.There,
        _ => ItemSight.Unknown,
    };

    // Only the errors that say so mean that it is missing; all others mean that nobody knows.
    private static ItemSight Refused(params ReadOnlySpan<int> missing)
    {
        var failure = LibvirtException.OfLastCall();
        return missing.Contains(failure.Code) ? ItemSight.Missing(failure.Message) : ItemSight.Unknown;
    }
}
