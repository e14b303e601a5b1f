using System.Text.Json;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Stored;

/// <summary>The form of a <see cref="DiskStamp"/> in the file beside a disk. Every cluster and version can tell whose it is.</summary>
public static class DiskStampText
{
    /// <summary>The stamp's file beside a disk's file: <c>/images/web.qcow2</c> has <c>/images/.web.qcow2.mainstay</c>.</summary>
    public static string PathBeside(string disk) =>
        Path.Combine(Path.GetDirectoryName(disk) ?? "/", $".{Path.GetFileName(disk)}.mainstay");

    public static byte[] Write(DiskStamp stamp) => JsonSerializer.SerializeToUtf8Bytes(
        new DiskStampDocument(1, stamp.ClusterId, stamp.Incarnation, stamp.Epoch.Number), StoredJson.Default.DiskStampDocument);

    /// <summary>Null when the text is damaged.</summary>
    public static DiskStamp? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, StoredJson.Default.DiskStampDocument) is { } d
                ? new DiskStamp(d.Cluster, d.Incarnation, new Epoch(d.Epoch))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record DiskStampDocument(int Schema, string Cluster, long Incarnation, long Epoch);
