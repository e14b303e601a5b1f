using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Mainstay.Core.Model;

namespace Mainstay.Core.Placement.Needs;

/// <summary>
/// Reads from a libvirt domain definition what the guest needs on its host. Pure. What it does not understand it leaves out: then the
/// host's libvirt says so when it is to start it, as before.
/// </summary>
public static class NeedsReader
{
    private const int SizeLimit = 1 << 20;
    private const long DefaultPageKiB = 2048;
    private const long MiB = 1 << 20;

    /// <summary>A QEMU process by itself, without guest.</summary>
    private const long ProcessMiB = 96;

    /// <summary>Stacks and caches of each virtual processor's thread.</summary>
    private const long PerVcpuMiB = 8;

    /// <summary>Page tables: eight bytes for each page of 4 KiB.</summary>
    private const long PageTableShare = 512;

    /// <summary>A video device without a size of its own.</summary>
    private const long VideoMiB = 16;

    /// <summary>Null when the text is no domain definition.</summary>
    public static GuestNeeds? Of(string definition)
    {
        if (Parse(definition) is not { } domain)
            return null;
        // An emulated guest is there to try things out: its processors are threads like any others.
        var real = domain.Attribute("type")?.Value == "kvm";
        var memory = Size(domain.Element("memory"), 1 << 10) / MiB;
        var vcpus = real && int.TryParse(domain.Element("vcpu")?.Value.Trim() ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count : 0;
        return new GuestNeeds(
            vcpus,
            real ? ProcessMiB + (PerVcpuMiB * vcpus) + (memory / PageTableShare) + Video(domain) : 0,
            Pages(domain, memory),
            Items(domain, real).Distinct().Order(StringComparer.Ordinal).Take(GuestNeeds.MostItems).ToValueList());
    }

    /// <summary>The processor that the definition asks for, as libvirt compares it; empty when any will do.</summary>
    internal static string Cpu(string definition) => Parse(definition) is { } domain ? Cpu(domain) : "";

    private static XElement? Parse(string definition)
    {
        if (definition.Length is 0 or > SizeLimit)
            return null;
        try
        {
            using var text = new StringReader(definition);
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader).Root is { Name.LocalName: "domain" } root ? root : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // The host's own processor and the newest one QEMU has are there by definition.
    private static string Cpu(XElement domain) => domain.Element("cpu") is { } cpu && cpu.Element("model") is not null
        && cpu.Attribute("mode")?.Value is null or "custom"
            ? cpu.ToString(SaveOptions.DisableFormatting)
            : "";

    private static ValueList<PageNeed> Pages(XElement domain, long memory)
    {
        if (domain.Element("memoryBacking")?.Element("hugepages") is not { } huge)
            return [];
        // Several sizes are for several nodes of the guest; the largest is asked for all of it, which is never too little.
        var size = huge.Elements("page").Select(page => Size(page.Attribute("size")?.Value, page.Attribute("unit")?.Value, 1 << 10) / 1024)
            .DefaultIfEmpty(DefaultPageKiB).Max();
        var pageMiB = Math.Max(1, size / 1024);
        return size > 0 ? [new PageNeed(size, (memory + pageMiB - 1) / pageMiB * pageMiB)] : [];
    }

    private static long Video(XElement domain) => (domain.Element("devices")?.Elements("video") ?? []).Sum(video =>
        video.Element("model") is { } model && model.Attribute("type")?.Value != "none"
            ? Math.Max(VideoMiB, (Kib(model, "vram") + Kib(model, "ram")) / 1024)
            : 0);

    private static long Kib(XElement element, string attribute) =>
        long.TryParse(element.Attribute(attribute)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static IEnumerable<string> Items(XElement domain, bool real)
    {
        var (os, devices) = (domain.Element("os"), domain.Element("devices"));
        if (os?.Element("type") is { } type && type.Attribute("machine")?.Value is { } machine && type.Attribute("arch")?.Value is { } arch)
            yield return $"machine:{arch}/{machine}/{domain.Attribute("type")?.Value}";
        if (real && Cpu(domain) is { Length: > 0 } cpu)
            yield return $"cpu:{domain.Element("cpu")?.Element("model")?.Value.Trim()}#{Digest(cpu)}";
        foreach (var path in new[] { os?.Element("loader"), os?.Element("kernel"), os?.Element("initrd"), devices?.Element("emulator") })
        {
            if (path?.Value.Trim() is ['/', ..] file)
                yield return $"file:{file}";
        }

        if (os?.Element("nvram")?.Attribute("template")?.Value is ['/', ..] template)
            yield return $"file:{template}";
        foreach (var link in devices?.Elements("interface") ?? [])
        {
            if (OfInterface(link) is { } item)
                yield return item;
        }

        foreach (var disk in devices?.Elements("disk") ?? [])
        {
            if (OfDisk(disk) is { } item)
                yield return item;
        }

        foreach (var device in devices?.Elements("hostdev") ?? [])
        {
            if (OfDevice(device) is { } item)
                yield return item;
        }
    }

    private static string? OfInterface(XElement link)
    {
        var (type, source) = (link.Attribute("type")?.Value, link.Element("source"));
        return (type, source?.Attribute("network")?.Value, source?.Attribute("bridge")?.Value, source?.Attribute("dev")?.Value) switch
        {
            ("network", { Length: > 0 } network, _, _) => $"network:{network}",
            ("bridge", _, { Length: > 0 } bridge, _) => $"bridge:{bridge}",
            ("direct", _, _, { Length: > 0 } device) => $"link:{device}",
            _ => null,
        };
    }

    // An image that may be missing at the start is none that is needed.
    private static string? OfDisk(XElement disk)
    {
        var source = disk.Element("source");
        return source is null || source.Attribute("startupPolicy") is not null ? null
            : (source.Attribute("file")?.Value, source.Attribute("dev")?.Value, source.Attribute("pool")?.Value) switch
            {
                (['/', ..] file, _, _) => $"file:{file}",
                (_, ['/', ..] device, _) => $"device:{device}",
                (_, _, { Length: > 0 } pool) => $"pool:{pool}",
                _ => null,
            };
    }

    private static string? OfDevice(XElement device)
    {
        var source = device.Element("source");
        return device.Attribute("type")?.Value switch
        {
            "pci" when source?.Element("address") is { } at =>
                $"pci:{Hex(at, "domain", 4)}:{Hex(at, "bus", 2)}:{Hex(at, "slot", 2)}.{Hex(at, "function", 1)}",
            "usb" when source?.Element("vendor") is { } vendor && source.Element("product") is { } product
                && source.Attribute("startupPolicy") is null => $"usb:{Hex(vendor, "id", 4)}:{Hex(product, "id", 4)}",
            "mdev" when source?.Element("address")?.Attribute("uuid")?.Value is { } uuid => $"mdev:{uuid.ToUpperInvariant()}",
            _ => null,
        };
    }

    private static string Hex(XElement element, string attribute, int digits)
    {
        var text = element.Attribute(attribute)?.Value ?? "0";
        var (hex, number) = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? (true, text[2..])
            : (false, text);
        _ = uint.TryParse(number, hex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        return value.ToString($"x{digits}", CultureInfo.InvariantCulture);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));

    private static long Size(XElement? element, long plain) => Size(element?.Value, element?.Attribute("unit")?.Value, plain);

    /// <summary>In bytes, by libvirt's units.</summary>
    private static long Size(string? text, string? unit, long plain)
    {
        if (!long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return 0;
        return (long)(amount * (unit switch
        {
            "b" or "bytes" => 1.0,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            "K" or "KiB" => 1L << 10,
            "M" or "MiB" => 1L << 20,
            "G" or "GiB" => 1L << 30,
            "T" or "TiB" => 1L << 40,
            _ => plain,
        }));
    }
}
