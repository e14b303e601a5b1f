using System.Globalization;
using System.Text;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>
/// The supervisor's store for open descriptors (sd_notify(3), sd_listen_fds(3)): what is kept there survives this process, and comes back
/// to the next one. Without a supervisor that has one, nothing is kept.
/// </summary>
internal static unsafe class DescriptorStore
{
    private const int FirstPassed = 3;

    /// <summary>A control message that holds one descriptor: cmsghdr of 16 bytes, the descriptor, padding.</summary>
    private const int ControlBytes = 24;

    private static string? Socket => Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 1 } path ? path : null;

    /// <summary>The descriptor that was kept under this name; null when none was. Whatever else was passed is closed.</summary>
    public static int? Take(string name)
    {
        if (Number("LISTEN_PID") != Environment.ProcessId || Number("LISTEN_FDS") is not { } count)
            return null;
        var names = (Environment.GetEnvironmentVariable("LISTEN_FDNAMES") ?? "").Split(':');
        int? found = null;
        for (var i = 0; i < count; i++)
        {
            var descriptor = FirstPassed + i;
            if (found is null && i < names.Length && names[i] == name)
                found = descriptor;
            else
                _ = Libc.Close(descriptor);
        }

        if (found is { } kept)
            _ = Libc.Flag(kept, Linux.SetDescriptorFlags, Linux.DescriptorCloseOnExec);
        return found;
    }

    public static void Keep(string name, int descriptor)
    {
        // Without polling: a device that reports an error must not be dropped for it.
        if (Socket is { } path && !Send(path, $"FDSTORE=1\nFDNAME={name}\nFDPOLL=0\n", descriptor))
            Note.Write($"{name}'s descriptor cannot be kept by the supervisor: {WatchdogDevice.Why()}");
    }

    public static void Forget(string name)
    {
        if (Socket is { } path)
            Send(path, $"FDSTOREREMOVE=1\nFDNAME={name}\n", null);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool Send(string path, string text, int? descriptor)
    {
        var socket = Libc.Socket(Linux.FamilyUnix, Linux.Datagram | Linux.CloseOnExec, 0);
        if (socket < 0)
            return false;
        var address = Endpoint.Unix(path);

        // An abstract address is written with @, begins with a zero byte and has no end of its own.
        var length = address.Length;
        if (path[0] == '@')
            (address[2], length) = (0, length - 1);
        var body = Encoding.UTF8.GetBytes(text);
        var control = stackalloc byte[ControlBytes];
        *(nuint*)control = 20;
        *(int*)(control + 8) = Linux.LevelSocket;
        *(int*)(control + 12) = Linux.MessageRights;
        *(int*)(control + 16) = descriptor ?? 0;
        nint sent;
        fixed (byte* name = address, data = body)
        {
            var vector = new Libc.Vector { Data = data, Length = (nuint)body.Length };
            var message = new Libc.MessageHeader
            {
                Name = name, NameLength = length, Vectors = &vector, VectorCount = 1,
                Control = descriptor is null ? null : control, ControlLength = descriptor is null ? 0 : (nuint)ControlBytes,
            };
            sent = Libc.SendMessage(socket, &message, Linux.MessageNoSignal | Linux.MessageDontWait);
        }

        _ = Libc.Close(socket);
        return sent == body.Length;
    }
}
