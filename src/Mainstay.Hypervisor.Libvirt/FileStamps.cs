using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Engine.Ports;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// Stamps as small files beside the files of a guest's writable disks, replaced whole and flushed. Block devices, network disks and volumes
/// of a pool have no place for a file: for those there is no stamp.
/// </summary>
public sealed class FileStamps : IDiskStamps
{
    private const int SizeLimit = 4096;

    /// <summary>By directory, the last access to it: a storage that hangs must not take one thread after the other.</summary>
    private readonly ConcurrentDictionary<string, Task> last = new(StringComparer.Ordinal);

    public Task<Observed<ValueList<DiskStamp>>> Read(string definition, CancellationToken cancel)
    {
        return OnStorage<Observed<ValueList<DiskStamp>>>(definition, Read, why => new Observed<ValueList<DiskStamp>>.Unknown(why), cancel);

        static Observed<ValueList<DiskStamp>> Read(IReadOnlyList<string> disks)
        {
            var found = new List<DiskStamp>();
            foreach (var path in disks.Select(Existing).OfType<string>())
            {
                if (Stamp(path) is not { } stamp)
                    return new Observed<ValueList<DiskStamp>>.Unknown($"{path} is damaged; it tells which cluster protects the disk. "
                        + "Look who runs the guest; if nobody does, remove the file");
                found.Add(stamp);
            }

            return new Observed<ValueList<DiskStamp>>.Known(found.ToValueList());
        }
    }

    public Task<GuestOutcome> Write(string definition, DiskStamp stamp, CancellationToken cancel) => OnStorage<GuestOutcome>(
        definition,
        disks =>
        {
            foreach (var disk in disks)
                Replace(DiskStampText.PathBeside(disk), DiskStampText.Write(stamp));
            return new GuestOutcome.Done();
        },
        why => new GuestOutcome.Unknown(why),
        cancel);

    public Task<GuestOutcome> Remove(string definition, string clusterId, CancellationToken cancel) => OnStorage<GuestOutcome>(
        definition,
        disks =>
        {
            foreach (var path in disks.Select(Existing).OfType<string>())
            {
                if (Stamp(path)?.ClusterId == clusterId)
                    File.Delete(path);
            }

            return new GuestOutcome.Done();
        },
        why => new GuestOutcome.Unknown(why),
        cancel);

    /// <summary>What a stamp's file says; null when it is damaged. Throws as files do when it cannot be read.</summary>
    public static DiskStamp? Stamp(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[SizeLimit];
        return DiskStampText.Read(buffer.AsSpan(0, file.ReadAtLeast(buffer, SizeLimit, throwOnEndOfStream: false)));
    }

    /// <summary>Files of the writable disks, each once.</summary>
    internal static IReadOnlyList<string> DisksOf(string definition)
    {
        var devices = XDocument.Parse(definition).Root?.Element("devices");
        return (devices?.Elements("disk") ?? [])
            .Where(d => (string?)d.Attribute("device") is null or "disk" && d.Element("readonly") is null)
            .Select(d => (string?)d.Element("source")?.Attribute("file"))
            .OfType<string>()
            .Where(Path.IsPathRooted)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
    }

    private async Task<T> OnStorage<T>(
        string definition, Func<IReadOnlyList<string>, T> act, Func<string, T> unknown, CancellationToken cancel)
    {
        try
        {
            var disks = DisksOf(definition);
            if (disks.Count == 0)
                return act(disks);
            var place = Path.GetDirectoryName(disks[0]) ?? "/";
            if (last.TryGetValue(place, out var before))
                await before.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancel.ThrowIfCancellationRequested();
            var access = Task.Run(() => act(disks), CancellationToken.None);
            last[place] = access;
            return await access.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or XmlException or ArgumentException)
        {
            return unknown(failed.Message);
        }
        catch (OperationCanceledException)
        {
            return unknown("the storage does not answer");
        }
    }

    /// <summary>Null when the disk has no stamp. A directory that is not there is a storage that is not there, and no answer.</summary>
    private static string? Existing(string disk)
    {
        var path = DiskStampText.PathBeside(disk);
        if (File.Exists(path))
            return path;
        return Directory.Exists(Path.GetDirectoryName(path))
            ? null
            : throw new IOException($"{Path.GetDirectoryName(path)} does not exist: is the storage mounted?");
    }

    private static void Replace(string path, byte[] text)
    {
        var fresh = $"{path}.{Environment.ProcessId}.new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(text);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
