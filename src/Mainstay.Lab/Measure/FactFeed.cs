using System.Text;
using System.Text.Json;
using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Measure;

/// <summary>
/// Reads on in the journals of all hosts of a lab, from outside: what the agents say happened, without asking any of them. Their times
/// may be compared, because all hosts of a lab share one kernel and its clock.
/// </summary>
internal sealed class FactFeed
{
    private const int Remembered = 15;

    private readonly List<(string Path, long Read)> journals;
    private readonly Queue<EventEntry> last = new();

    public FactFeed(LabCluster lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        journals = [.. lab.Options.Machines.Select(host => (Path.Combine(lab.HostDirectory(host), "lib-mainstay", "journal.jsonl"), 0L))];
    }

    /// <summary>What was written since the last call, oldest first.</summary>
    public IReadOnlyList<EventEntry> News()
    {
        var news = new List<EventEntry>();
        for (var at = 0; at < journals.Count; at++)
        {
            var (path, read) = journals[at];
            journals[at] = (path, ReadOn(path, read, news));
        }

        news.Sort((one, other) => one.Time.CompareTo(other.Time));
        foreach (var entry in news)
        {
            if (last.Count == Remembered)
                last.Dequeue();
            last.Enqueue(entry);
        }

        return news;
    }

    /// <summary>The newest facts, for a message about something that did not happen.</summary>
    public string LastFacts()
    {
        News();
        return last.Count == 0
            ? "No agent has reported a fact."
            : "The last facts:" + string.Concat(last.Select(entry => $"\n  {entry.Time:HH:mm:ss.fff} {entry.Host}: {entry.Text}"));
    }

    private static long ReadOn(string path, long from, List<EventEntry> news)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A journal that shrank was begun anew.
            var start = file.Length < from ? 0 : from;
            if (file.Length == start)
                return start;
            file.Position = start;
            var bytes = new byte[file.Length - start];
            var whole = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            // The last line may be half written; it is read with the next call.
            whole = whole[..(whole.LastIndexOf((byte)'\n') + 1)];
            foreach (var line in Encoding.UTF8.GetString(whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Parse(line) is { } entry)
                    news.Add(entry);
            }

            return start + whole.Length;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private static EventEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ApiJson.Default.EventEntry);
        }
        catch (JsonException)
        {
            // A host that lost its power in the middle of a line.
            return null;
        }
    }
}
