using System.Diagnostics;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// Looks whether files and devices are there, on a thread of its own, which may hang with a storage without anybody waiting for it. What
/// was not seen for a while is unknown.
/// </summary>
internal sealed class FileLook : IDisposable
{
    private const int StackBytes = 256 * 1024;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly ManualResetEventSlim stop = new();
    private readonly AutoResetEvent wanted = new(false);
    private volatile IReadOnlyDictionary<string, (ItemSight Sight, long At)> seen = new Dictionary<string, (ItemSight, long)>();
    private volatile IReadOnlyList<string> paths = [];
    private bool started;

    /// <summary>What is known of these paths now; waits for nothing.</summary>
    internal IReadOnlyDictionary<string, ItemSight> Read(IReadOnlyList<string> asked)
    {
        var isNew = !asked.SequenceEqual(paths);
        paths = asked;
        if (!started && asked.Count > 0)
        {
            started = true;
            new Thread(Run, StackBytes) { IsBackground = true, Name = "file-look" }.Start();
        }
        else if (isNew)
        {
            wanted.Set();
        }

        var now = seen;
        return asked.ToDictionary(
            path => path,
            path => now.TryGetValue(path, out var last) && Stopwatch.GetElapsedTime(last.At) < Lasts ? last.Sight : ItemSight.Unknown);
    }

    public void Dispose()
    {
        stop.Set();
        wanted.Set();
    }

    private void Run()
    {
        while (!stop.IsSet)
        {
            var known = new Dictionary<string, (ItemSight, long)>(StringComparer.Ordinal);
            foreach (var path in paths)
                known[path] = (Look(path), Stopwatch.GetTimestamp());
            seen = known;
            wanted.WaitOne(known.Values.All(last => last.Item1.IsThere == true) ? Every : Again);
        }
    }

    // A directory that may not be entered hides what is in it: QEMU may be another user.
    internal static ItemSight Look(string path)
    {
        try
        {
            File.GetAttributes(path);
            return ItemSight.There;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return ItemSight.Missing("it does not exist there");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return ItemSight.Unknown;
        }
    }
}
