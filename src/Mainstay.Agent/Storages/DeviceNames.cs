using Mainstay.Agent.Configuration;
using Mainstay.Core.Health;

namespace Mainstay.Agent.Storages;

/// <summary>The names of devices that are the same on every host: of device mapper's volumes and of disks with a world-wide name.</summary>
/// <param name="root">Where /sys and /dev lie: the root, but in tests.</param>
internal sealed class DeviceNames(string root)
{
    private static readonly string[] Places = ["dm/uuid", "wwid", "device/wwid"];

    public PlaceSight Look(string device)
    {
        try
        {
            return Find(device);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return new PlaceSight.Unknown(gone.Message);
        }
    }

    private PlaceSight Find(string device)
    {
        var path = Path.Combine(root, device.TrimStart('/'));
        if (!File.Exists(path))
            return new PlaceSight.Missing($"{device} does not exist there");
        var name = Path.GetFileName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        return Identity(name) is { } identity
            ? new PlaceSight.Device(identity)
            : new PlaceSight.Unknown($"the kernel knows no name of {device} that is the same on every host");
    }

    private string? Identity(string name)
    {
        var place = Path.Combine(root, "sys/class/block", name);
        foreach (var at in Places)
        {
            if (TextFile.Read(Path.Combine(place, at)) is { Length: > 0 } known)
                return known;
        }

        // A partition has the name of its disk and its number.
        if (TextFile.Read(Path.Combine(place, "partition")) is not { } number
            || Directory.ResolveLinkTarget(place, returnFinalTarget: true) is not DirectoryInfo { Parent.Name: var disk })
            return null;
        return Identity(disk) is { } whole ? $"{whole}, partition {number}" : null;
    }
}
