using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Guests;

/// <summary>
/// Listens to the serial ports of all guests on all hosts of a lab, from outside, as the kernel reports each write; so the moment
/// at which a guest speaks is known to about a millisecond. What was said before the watch began is not reported.
/// </summary>
public sealed class GuestWatch : IAsyncDisposable
{
    private const int PollMilliseconds = 100;
    private const int HeaderSize = 16;

    private readonly Channel<GuestEvent> events = Channel.CreateBounded<GuestEvent>(65536);
    private readonly Dictionary<int, (string Host, string Directory)> directories = [];
    private readonly Dictionary<string, SerialPort> ports = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource end = new();
    private readonly int descriptor;
    private readonly Task listener;

    public GuestWatch(LabCluster lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        descriptor = Posix.InotifyOpen(Posix.CloseOnExec);
        if (descriptor < 0)
            throw new LabException(
                $"The kernel gives no inotify instance: {Marshal.GetLastPInvokeErrorMessage()} (fs.inotify.max_user_instances).");
        foreach (var host in lab.Layout.Hosts)
        {
            var watch = Posix.InotifyAdd(descriptor, host.SerialDirectory, Posix.InotifyModify | Posix.InotifyCreate);
            if (watch < 0)
                throw new LabException($"{host.SerialDirectory} cannot be watched: {Marshal.GetLastPInvokeErrorMessage()}.");
            directories.Add(watch, (host.Name, host.SerialDirectory));
            foreach (var file in Directory.EnumerateFiles(host.SerialDirectory, "*" + GuestDefinition.SerialSuffix))
                ports.Add(file, new SerialPort(file, host.Name, new FileInfo(file).Length));
        }

        listener = Task.Factory.StartNew(Listen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Everything from here on, in the order in which it was heard; one reader.</summary>
    public ChannelReader<GuestEvent> Events => events.Reader;

    /// <summary>Reads on until each of these guests has spoken; the answer maps each to its first word.</summary>
    public async Task<IReadOnlyDictionary<string, GuestEvent.Spoke>> WaitUntilAllSpoke(
        IEnumerable<string> guests, TimeSpan limit, CancellationToken cancel)
    {
        var missing = guests.ToHashSet(StringComparer.Ordinal);
        var spoke = new Dictionary<string, GuestEvent.Spoke>(StringComparer.Ordinal);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        try
        {
            while (missing.Count > 0)
            {
                if (await events.Reader.ReadAsync(deadline.Token).ConfigureAwait(false) is GuestEvent.Spoke word
                    && missing.Remove(word.Guest))
                    spoke.Add(word.Guest, word);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LabException(
                $"Within {limit.TotalSeconds:0} s these guests did not speak: {string.Join(", ", missing.Order(StringComparer.Ordinal))}.");
        }

        return spoke;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        await listener.ConfigureAwait(false);
        _ = Posix.Close(descriptor);
        end.Dispose();
    }

    private void Listen()
    {
        var buffer = new byte[64 * 1024];
        while (!end.IsCancellationRequested)
        {
            var entry = new Posix.PollEntry { Descriptor = descriptor, Wanted = Posix.PollIn };
            if (Posix.Poll(ref entry, 1, PollMilliseconds) <= 0)
                continue;
            var length = (int)Posix.Read(descriptor, buffer, buffer.Length);
            var now = Stopwatch.GetTimestamp();
            foreach (var file in Changed(buffer.AsSpan(0, Math.Max(length, 0))))
                Hear(file.Path, file.Host, now);
        }

        events.Writer.Complete();
    }

    private HashSet<(string Path, string Host)> Changed(ReadOnlySpan<byte> notices)
    {
        var changed = new HashSet<(string, string)>();
        while (notices.Length >= HeaderSize)
        {
            var watch = BinaryPrimitives.ReadInt32LittleEndian(notices);
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(notices[12..]);
            var name = Encoding.UTF8.GetString(notices.Slice(HeaderSize, nameLength)).TrimEnd('\0');
            if (name.EndsWith(GuestDefinition.SerialSuffix, StringComparison.Ordinal) && directories.TryGetValue(watch, out var place))
                changed.Add((Path.Combine(place.Directory, name), place.Host));
            notices = notices[(HeaderSize + nameLength)..];
        }

        return changed;
    }

    private void Hear(string path, string host, long now)
    {
        if (!ports.TryGetValue(path, out var port))
            ports.Add(path, port = new SerialPort(path, host, heard: 0));
        foreach (var said in port.Hear(now))
            events.Writer.TryWrite(said);
    }
}
