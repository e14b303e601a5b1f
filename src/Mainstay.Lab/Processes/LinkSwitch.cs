using System.Runtime.InteropServices;
using System.Text;

namespace Mainstay.Lab.Processes;

/// <summary>Takes a network link down at once, without starting a program (netdevice(7)).</summary>
internal static partial class LinkSwitch
{
    private const int Internet = 2;
    private const int Datagram = 2 | 0x80000;
    private const nuint ReadFlags = 0x8913;
    private const nuint WriteFlags = 0x8914;
    private const int NameSize = 16;
    private const int RequestSize = 40;
    private const short Up = 1;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, [In, Out] byte[] argument);

    /// <summary>A link that does not exist is down already.</summary>
    public static void Down(string link)
    {
        var request = new byte[RequestSize];
        if (Encoding.ASCII.GetBytes(link, request) >= NameSize)
            throw new LabException($"The link name '{link}' is longer than {NameSize - 1} characters.");
        var socket = OpenSocket(Internet, Datagram, 0);
        if (socket < 0)
            throw new LabException($"No socket to switch {link} with (error {Marshal.GetLastPInvokeError()}).");
        if (Control(socket, ReadFlags, request) == 0)
        {
            var flags = MemoryMarshal.Cast<byte, short>(request.AsSpan(NameSize, sizeof(short)));
            flags[0] &= ~Up;
            _ = Control(socket, WriteFlags, request);
        }

        _ = Posix.Close(socket);
    }
}
