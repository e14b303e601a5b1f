using System.Xml.Linq;
using Mainstay.Core.Model;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// What a domain can write to outside its own memory, as sources that a storage can be said to cover: a path, or kind and name. Whatever
/// might be written counts, for a storage proof must miss nothing (S1): firmware variables, shared directories and passed-through devices
/// too.
/// </summary>
internal static class WritableDisks
{
    public static ValueList<string> Of(XElement domain)
    {
        var devices = domain.Element("devices");
        var disks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var disk in devices?.Elements("disk") ?? [])
        {
            if (disk.Attribute("device")?.Value != "cdrom" && disk.Element("readonly") is null)
                disks.Add(Source(disk.Attribute("type")?.Value, disk.Element("source")));
        }

        foreach (var shared in devices?.Elements("filesystem") ?? [])
        {
            if (shared.Element("readonly") is null)
                disks.Add(Source(shared.Attribute("type")?.Value ?? "mount", shared.Element("source")));
        }

        foreach (var device in devices?.Elements("hostdev") ?? [])
            disks.Add($"hostdev:{device.Attribute("type")?.Value ?? "unknown"}");
        if (domain.Element("os")?.Element("nvram") is { } variables)
            disks.Add(variables.Element("source") is { } source
                ? Source(variables.Attribute("type")?.Value, source)
                : Whole(variables.Value.Trim(), "nvram"));
        return disks.ToValueList();
    }

    internal static string Source(string? type, XElement? source)
    {
        string? Value(string name) => source?.Attribute(name)?.Value;
        return type switch
        {
            "network" => $"{Value("protocol") ?? "network"}:{Value("name") ?? ""}",
            "volume" => $"volume:{Value("pool")}/{Value("volume")}",
            _ when (Value("file") ?? Value("dev") ?? Value("dir")) is { } path => Whole(path, type ?? "disk"),
            _ => $"{type ?? "disk"}:{Value("path") ?? Value("name") ?? "unknown"}",
        };
    }

    // A path with ".." in it may lie elsewhere than it begins.
    private static string Whole(string path, string kind) => path.StartsWith('/') ? Path.GetFullPath(path) : $"{kind}:{path}";
}
