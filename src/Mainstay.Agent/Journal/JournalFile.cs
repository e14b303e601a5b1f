using System.Text;
using System.Text.Json;
using Mainstay.Contracts.Api;

namespace Mainstay.Agent.Journal;

/// <summary>
/// The facts of this host on disk, one JSON object a line, in two generations of bounded size. Lines that a crash cut short are skipped.
/// </summary>
internal sealed class JournalFile(string path, long maxBytes) : IDisposable
{
    private const int LongestLine = 64 * 1024;
    private FileStream? stream;

    public string Path => path;

    private string Older => path + ".1";

    /// <summary>The highest number in use; 0 for a new journal.</summary>
    public long LastSeq() => ReadLast(1, _ => true) is [var last] ? last.Seq : 0;

    public void Append(IReadOnlyList<EventEntry> entries)
    {
        var bytes = new MemoryStream();
        foreach (var entry in entries)
        {
            JsonSerializer.Serialize(bytes, entry, ApiJson.Default.EventEntry);
            bytes.WriteByte((byte)'\n');
        }

        try
        {
            var open = stream ??= Open();
            if (open.Length > 0 && open.Length + bytes.Length > maxBytes)
                open = Rotate();
            open.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
            open.Flush();
        }
        catch (IOException)
        {
            // A full disk may have taken a part of a line: the next opening ends it, so that the line after it is whole.
            Abandon();
            throw;
        }
    }

    /// <summary>The last entries that fit, oldest first.</summary>
    public IReadOnlyList<EventEntry> ReadLast(int count, Func<EventEntry, bool> wanted)
    {
        var newer = Last(path, count, wanted);
        return newer.Count == count ? newer : [.. Last(Older, count - newer.Count, wanted), .. newer];
    }

    public void Dispose() => stream?.Dispose();

    private static List<EventEntry> Last(string file, int count, Func<EventEntry, bool> wanted)
    {
        var entries = new Queue<EventEntry>();
        if (!File.Exists(file) || count <= 0)
            return [];
        using var reading = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var text = new StreamReader(reading, Encoding.UTF8);
        while (text.ReadLine() is { } line)
        {
            if (line.Length > LongestLine || Parse(line) is not { } entry || !wanted(entry))
                continue;
            if (entries.Count == count)
                entries.Dequeue();
            entries.Enqueue(entry);
        }

        return [.. entries];
    }

    private static EventEntry? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, ApiJson.Default.EventEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? "/");
        var opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (opened.Length > 0)
        {
            // A line cut short by a crash ends here, so that the next one is whole.
            opened.Seek(-1, SeekOrigin.End);
            if (opened.ReadByte() != '\n')
                opened.WriteByte((byte)'\n');
        }

        opened.Seek(0, SeekOrigin.End);
        return opened;
    }

    private FileStream Rotate()
    {
        stream?.Dispose();
        stream = null;
        File.Move(path, Older, overwrite: true);
        return stream = Open();
    }

    private void Abandon()
    {
        var broken = stream;
        stream = null;
        try
        {
            broken?.Dispose();
        }
        catch (IOException)
        {
            // It flushes what could not be written; that is lost already.
        }
    }
}
