using System.Runtime.InteropServices;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>A listening unix socket that only root may connect to.</summary>
internal sealed unsafe class UnixListener : IDisposable
{
    private const int Backlog = 64;

    private readonly string path;

    public UnixListener(string path)
    {
        this.path = path;
        var name = Endpoint.Unix(path);
        File.Delete(path);
        Descriptor = Libc.Socket(Linux.FamilyUnix, Linux.Stream | Linux.NonBlocking | Linux.CloseOnExec, 0);
        fixed (byte* address = name)
        {
            if (Descriptor < 0 || Libc.Bind(Descriptor, address, name.Length) != 0 || Libc.Listen(Descriptor, Backlog) != 0)
                throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public int Descriptor { get; }

    /// <summary>Negative when nobody waits.</summary>
    public int Accept() => Libc.Accept(Descriptor, 0, 0, Linux.NonBlocking | Linux.CloseOnExec);

    public void Dispose()
    {
        _ = Libc.Close(Descriptor);
        File.Delete(path);
    }
}
