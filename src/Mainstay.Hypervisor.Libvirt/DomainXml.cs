using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Mainstay.Core.Model;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>The few things read from a domain definition.</summary>
internal sealed record DomainXml(string Name, string Uuid, long MemoryMiB)
{
    /// <summary>What it can write to, ordered.</summary>
    public ValueList<string> Disks { get; private init; }

    internal const int SizeLimit = 4 << 20;

    /// <summary>Null when the text is no domain definition; then <paramref name="why"/> says what is wrong.</summary>
    internal static DomainXml? Parse(string xml, out string why)
    {
        why = "";
        if (xml.Length > SizeLimit)
        {
            why = $"the definition is longer than {SizeLimit} characters";
            return null;
        }

        try
        {
            var root = XDocument.Parse(xml).Root;
            if (root?.Name.LocalName != "domain")
            {
                why = $"the definition's root element is <{root?.Name.LocalName}>, not <domain>";
                return null;
            }

            return new DomainXml(
                root.Element("name")?.Value.Trim() ?? "",
                root.Element("uuid")?.Value.Trim() ?? "",
                MemoryOf(root.Element("memory")))
            {
                Disks = WritableDisks.Of(root),
            };
        }
        catch (XmlException malformed)
        {
            why = $"the definition is not well-formed XML: {malformed.Message}";
            return null;
        }
    }

    /// <summary>Where the files of its disks are; empty when it has none, or when the text is no domain definition.</summary>
    internal static IReadOnlyList<string> DiskDirectories(string xml)
    {
        if (xml.Length > SizeLimit)
            return [];
        try
        {
            return
            [
                .. from disk in XDocument.Parse(xml).Root?.Element("devices")?.Elements("disk") ?? []
                   where disk.Attribute("device")?.Value is null or "disk"
                   let file = disk.Element("source")?.Attribute("file")?.Value
                   where file is not null
                   let directory = Path.GetDirectoryName(file)
                   where directory is { Length: > 0 }
                   group directory by directory into one
                   orderby one.Key
                   select one.Key,
            ];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    private static long MemoryOf(XElement? memory)
    {
        if (!long.TryParse(memory?.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return 0;
        // libvirt's scaled units; KiB when there is none.
        var bytes = memory?.Attribute("unit")?.Value switch
        {
            "b" or "bytes" => 1.0,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            "M" or "MiB" => 1L << 20,
            "G" or "GiB" => 1L << 30,
            "T" or "TiB" => 1L << 40,
            _ => 1L << 10,
        };
        return (long)Math.Ceiling(amount * bytes / (1L << 20));
    }
}
