using System.Xml;
using System.Xml.Linq;
using Mainstay.Core.Health;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>The disks that a guest writes to, as its definition has them: what they are and whether QEMU locks them.</summary>
public static class GuestDisks
{
    private const string OffByHand = "its QEMU is started with locking off";

    /// <summary>Empty when it has none, or when the text is no domain definition.</summary>
    public static IReadOnlyList<GuestDisk> Of(string definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.Length > DomainXml.SizeLimit)
            return [];
        try
        {
            var root = XDocument.Parse(definition).Root;
            var off = root?.Elements().Any(IsOffByHand) == true ? OffByHand : null;
            return
            [
                .. (root?.Element("devices")?.Elements("disk") ?? [])
                    .Where(disk => disk.Attribute("device")?.Value is null or "disk" or "lun" && disk.Element("readonly") is null)
                    .Select(disk => Read(disk, off))
                    .OrderBy(disk => disk.Source, StringComparer.Ordinal),
            ];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    private static GuestDisk Read(XElement disk, string? off)
    {
        var (type, source) = (disk.Attribute("type")?.Value, disk.Element("source"));
        var name = WritableDisks.Source(type, source);
        var kind = type switch
        {
            "network" => source?.Elements("host").Any(host => host.Attribute("transport")?.Value == "unix") == true
                ? DiskKind.Other : DiskKind.Network,
            "file" or "block" when name.StartsWith("/dev/", StringComparison.Ordinal) => DiskKind.Block,
            "file" when name.StartsWith('/') => DiskKind.File,
            _ => DiskKind.Other,
        };
        var unlocked = kind != DiskKind.File ? null
            : disk.Element("shareable") is not null ? "the definition says <shareable/>" : off;
        return new GuestDisk(name, kind, unlocked);
    }

    // What libvirt itself has no word for is given to QEMU in elements of a namespace of their own.
    private static bool IsOffByHand(XElement part) => part.Name.NamespaceName.Length > 0 && part.Descendants().Any(
        element => element.Attributes().Any(value => value.Value.Contains("locking=off", StringComparison.Ordinal))
            || (element.Attribute("name")?.Value.EndsWith("locking", StringComparison.Ordinal) == true
                && element.Attribute("value")?.Value == "off"));
}

/// <summary>A disk as its guest's definition has it.</summary>
/// <param name="Source">A path, or kind and name.</param>
/// <param name="Unlocked">Why QEMU does not lock it; null when it does, and for what is no file.</param>
public sealed record GuestDisk(string Source, DiskKind Kind, string? Unlocked);
