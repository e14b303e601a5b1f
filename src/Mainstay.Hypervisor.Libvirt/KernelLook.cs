using System.Globalization;
using System.Net.NetworkInformation;
using Mainstay.Core.Model;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>What the kernel tells at once: links, devices, processors and huge pages.</summary>
/// <param name="root">Where /proc and /sys lie: the root, but in tests.</param>
internal sealed class KernelLook(string root)
{
    internal ItemSight Look(string kind, string name) => kind switch
    {
        "bridge" or "link" => Link(name),
        "pci" => Present($"sys/bus/pci/devices/{name}", "no device is in that slot"),
        "mdev" => Present($"sys/bus/mdev/devices/{name.ToLowerInvariant()}", "there is no such mediated device"),
        "usb" => Usb(name),
        _ => ItemSight.Unknown,
    };

    internal int Cpus()
    {
        try
        {
            return File.ReadLines(At("proc/stat")).TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).Count() - 1;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    internal ValueList<PageOffer> Pages()
    {
        const string prefix = "hugepages-";
        try
        {
            return Directory.Exists(At("sys/kernel/mm/hugepages"))
                ? (from directory in Directory.EnumerateDirectories(At("sys/kernel/mm/hugepages"), prefix + "*kB")
                   let size = Number(Path.GetFileName(directory)[prefix.Length..^2])
                   let count = Number(File.ReadAllText(Path.Combine(directory, "nr_hugepages")))
                   where size > 0 && count > 0
                   let free = Number(File.ReadAllText(Path.Combine(directory, "free_hugepages")))
                   orderby size
                   select new PageOffer(size, count * size / 1024, (count - free) * size / 1024)).ToValueList()
                : [];
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Asked of the kernel and not of /sys, which may show another network namespace.
    private static ItemSight Link(string name)
    {
        try
        {
            return Array.Exists(NetworkInterface.GetAllNetworkInterfaces(), link => link.Name == name)
                ? ItemSight.There
                : ItemSight.Missing("the kernel has no such link");
        }
        catch (NetworkInformationException)
        {
            return ItemSight.Unknown;
        }
    }

    private ItemSight Usb(string name)
    {
        try
        {
            if (!Directory.Exists(At("sys/bus/usb/devices")))
                return ItemSight.Missing("there is no USB");
            return Directory.EnumerateDirectories(At("sys/bus/usb/devices")).Any(device =>
                File.Exists(Path.Combine(device, "idVendor"))
                && $"{File.ReadAllText(Path.Combine(device, "idVendor")).Trim()}:{File.ReadAllText(Path.Combine(device, "idProduct")).Trim()}"
                    .Equals(name, StringComparison.OrdinalIgnoreCase))
                ? ItemSight.There
                : ItemSight.Missing("none is plugged in");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return ItemSight.Unknown;
        }
    }

    // A name out of a definition leads nowhere else.
    private ItemSight Present(string path, string missing) => path.Contains("..", StringComparison.Ordinal) ? ItemSight.Unknown
        : Path.Exists(At(path)) ? ItemSight.There
        : ItemSight.Missing(missing);

    private string At(string path) => Path.Combine(root, path);

    private static long Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
