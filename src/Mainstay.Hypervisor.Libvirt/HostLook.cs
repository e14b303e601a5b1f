using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Engine.Ports;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>Puts together what libvirt, the kernel and the file systems of this host say of all that guests need.</summary>
internal sealed class HostLook(string root = "/") : IDisposable
{
    private readonly KernelLook kernel = new(root);
    private readonly FileLook files = new();
    private readonly LibvirtLook libvirt = new();

    public void Dispose() => files.Dispose();

    /// <param name="items">Ordered by name.</param>
    /// <param name="ask">Asks libvirt for those that only it knows; null when it does not answer.</param>
    internal async Task<HostInventory> Read(
        ValueList<NeededItem> items,
        Func<Func<LibvirtConnection, IReadOnlyDictionary<string, ItemSight>>, Task<IReadOnlyDictionary<string, ItemSight>?>> ask)
    {
        NeededItem[] ofLibvirt = [.. items.Where(item => KindOf(item) is "machine" or "cpu" or "network" or "pool")];
        var told = ofLibvirt.Length == 0 ? null : await ask(connection => libvirt.Read(connection, ofLibvirt)).ConfigureAwait(false);
        var there = files.Read([.. items.Where(item => KindOf(item) is "file" or "device").Select(NameOf).Distinct()]);
        var (has, lacks) = (new List<string>(), new List<MissingItem>());
        foreach (var item in items)
        {
            var sight = KindOf(item) switch
            {
                "file" or "device" => there[NameOf(item)],
                "machine" or "cpu" or "network" or "pool" => told?.GetValueOrDefault(item.Item) ?? ItemSight.Unknown,
                var kind => kernel.Look(kind, NameOf(item)),
            };
            if (sight.IsThere == true)
                has.Add(item.Item);
            else if (sight.IsThere == false)
                lacks.Add(new MissingItem(item.Item, sight.Why));
        }

        return new HostInventory(kernel.Cpus(), kernel.Pages(), has.ToValueList(), lacks.ToValueList());
    }

    private static string KindOf(NeededItem item) => item.Item.Split(':', 2)[0];

    private static string NameOf(NeededItem item) => item.Item.Split(':', 2) is [_, var name] ? name : "";
}
