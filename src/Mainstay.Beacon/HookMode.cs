using System.Text;
using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>
/// What libvirt runs before it starts a guest: asks the beacon whether the guest may start here. Exit code 0 lets it start.
/// </summary>
internal static unsafe class HookMode
{
    private const int MaxDefinitionBytes = 1024 * 1024;
    private const int StandardInput = 0;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <param name="args">Guest, operation, sub-operation, extra; as libvirt gives them to /etc/libvirt/hooks/qemu.</param>
    public static int Run(ReadOnlySpan<string> args, BeaconPaths paths)
    {
        var subOperation = args.Length > 2 ? args[2] : "-";
        if (args.Length > 1 && args[1] == HookProtocol.GivenUp && subOperation == "end")
            Tell(paths.HookSocket, FindUuid(ReadDefinition()));
        if (args.Length < 2 || !MayStartGuest(args[1], subOperation))
            return 0;
        var (guest, operation) = (args[0], args[1]);
        var uuid = FindUuid(ReadDefinition());
        var answer = uuid.Length == 0 ? null : Ask(paths.HookSocket, $"{uuid} {operation} {guest}\n");
        return answer switch
        {
            HookProtocol.Pass or HookProtocol.Ok => 0,
            not null when answer.StartsWith(HookProtocol.Refuse, StringComparison.Ordinal) =>
                Refuse(answer[HookProtocol.Refuse.Length..]),
            HookProtocol.Unset => ByList(paths, uuid, guest, "its agent has not joined the cluster since this host booted"),
            _ => ByList(paths, uuid, guest, "the beacon of this host does not answer (is mainstay-beacon running?)"),
        };
    }

    /// <summary>Everything else, such as the end of a guest, is none of our business and must cost nothing.</summary>
    public static bool MayStartGuest(string operation, string subOperation) =>
        subOperation == "begin" && operation is "prepare" or "start" or "restore" or "migrate";

    /// <summary>The text of the first uuid element; empty when there is none.</summary>
    public static string FindUuid(ReadOnlySpan<byte> definition)
    {
        var from = definition.IndexOf("<uuid>"u8);
        if (from < 0)
            return "";
        var rest = definition[(from + 6)..];
        var end = rest.IndexOf((byte)'<');
        return end is < 0 or > 64 ? "" : Encoding.UTF8.GetString(rest[..end]).Trim();
    }

    private static ReadOnlySpan<byte> ReadDefinition()
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (length < MaxDefinitionBytes)
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            nint got;
            fixed (byte* data = buffer)
                got = Libc.Read(StandardInput, data + length, (nuint)(buffer.Length - length));
            if (got <= 0)
                break;
            length += (int)got;
        }

        return buffer.AsSpan(0, length);
    }

    private static void Tell(string path, string uuid)
    {
        if (uuid.Length > 0)
            Say(path, $"{uuid} {HookProtocol.GivenUp}\n", MonotonicClock.Now + Patience);
    }

    /// <summary>Null when there was no whole answer in time.</summary>
    private static string? Ask(string path, string question)
    {
        var until = MonotonicClock.Now + Patience;
        return Say(path, question, until) is { } socket ? ReadLine(socket, until) : null;
    }

    private static int? Say(string path, string line, Instant until)
    {
        var name = Endpoint.Unix(path);
        var socket = Libc.Socket(Linux.FamilyUnix, Linux.Stream | Linux.NonBlocking | Linux.CloseOnExec, 0);
        fixed (byte* address = name)
        {
            while (Libc.Connect(socket, address, name.Length) != 0)
            {
                // A full queue of a unix socket says "again", and poll does not wait for it.
                if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Linux.ErrorAgain || MonotonicClock.Now > until)
                    return null;
                Wait(socket, 0, TimeSpan.FromMilliseconds(5));
            }
        }

        var bytes = Encoding.UTF8.GetBytes(line);
        fixed (byte* data = bytes)
            return Libc.Send(socket, data, (nuint)bytes.Length, Linux.MessageNoSignal) == bytes.Length ? socket : null;
    }

    private static string? ReadLine(int socket, Instant until)
    {
        Span<byte> buffer = stackalloc byte[HookProtocol.MaxBytes];
        var length = 0;
        while (length < buffer.Length)
        {
            Wait(socket, Linux.PollIn, until - MonotonicClock.Now);
            nint got;
            fixed (byte* data = buffer)
                got = Libc.Receive(socket, data + length, (nuint)(buffer.Length - length), 0);
            if (got <= 0)
                return null;
            length += (int)got;
            if (buffer[..length].IndexOf((byte)'\n') is var end and >= 0)
                return Encoding.UTF8.GetString(buffer[..end]);
        }

        return null;
    }

    private static void Wait(int socket, short events, TimeSpan limit)
    {
        var entry = new Libc.PollEntry { Descriptor = events == 0 ? -1 : socket, Wanted = events };
        _ = Libc.Poll(&entry, 1, (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, 1000));
    }

    /// <summary>S4: no answer means no start, but only for guests that are known to be protected.</summary>
    private static int ByList(BeaconPaths paths, string uuid, string guest, string why)
    {
        try
        {
            return ProtectedList.Find(File.ReadAllText(paths.ProtectedList), uuid, guest) is { } found
                ? Refuse($"{found.Group} is protected by Mainstay and cannot start now: {why}; last known: {found.Standing}")
                : 0;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refuse($"{guest} cannot start: {why}, and the list of protected guests cannot be read ({unreadable.Message})");
        }
    }

    private static int Refuse(string text)
    {
        Console.Error.WriteLine(text);
        return 1;
    }
}
