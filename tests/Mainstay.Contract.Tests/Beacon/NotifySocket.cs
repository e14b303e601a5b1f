using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>A supervisor's notification socket, which takes descriptors as systemd does (unix(7), SCM_RIGHTS).</summary>
internal sealed partial class NotifySocket : IDisposable
{
    private const int Unix = 1;
    private const int DatagramWithoutWaiting = 2 | 0x800;

    private readonly int socket;

    public unsafe NotifySocket(string path)
    {
        Path = path;
        socket = Open(Unix, DatagramWithoutWaiting, 0);
        var name = Encoding.UTF8.GetBytes(path + '\0');
        byte[] address = [1, 0, .. name];
        fixed (byte* at = address)
            Assert.Equal(0, Bind(socket, at, address.Length));
    }

    public string Path { get; }

    /// <summary>The next message and the descriptor that came with it, which belongs to this process from now on.</summary>
    public async Task<(string Text, int? Descriptor)> Next()
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < deadline;)
        {
            if (Receive() is { } got)
                return got;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The supervisor was told nothing.");
    }

    public void Dispose() => _ = Close(socket);

    private unsafe (string Text, int? Descriptor)? Receive()
    {
        var text = stackalloc byte[1024];
        var control = stackalloc byte[64];
        var vector = new Vector { Data = text, Length = 1024 };
        var message = new Header { Vectors = &vector, Count = 1, Control = control, ControlLength = 64 };
        var got = Take(socket, &message, 0);
        return got < 0
            ? null
            : (Encoding.UTF8.GetString(text, (int)got), message.ControlLength >= 20 ? *(int*)(control + 16) : null);
    }

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int Open(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind")]
    private static unsafe partial int Bind(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    private static unsafe partial nint Take(int socket, Header* message, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private unsafe struct Vector
    {
        public byte* Data;
        public nuint Length;
    }

    private unsafe struct Header
    {
        public byte* Name;
        public int NameLength;
        public Vector* Vectors;
        public nuint Count;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
