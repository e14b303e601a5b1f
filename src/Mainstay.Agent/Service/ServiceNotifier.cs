using System.Net.Sockets;
using System.Text;

namespace Mainstay.Agent.Service;

/// <summary>Tells systemd that the service is ready and lives (sd_notify(3)). Without NOTIFY_SOCKET it does nothing.</summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? socket;

    public ServiceNotifier()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;
        socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        // An abstract address is written with @ and begins with a zero byte.
        socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path));
    }

    public void Ready() => Send("READY=1");

    public void Lives() => Send("WATCHDOG=1");

    public void Status(string text) => Send($"STATUS={text}");

    public void Stopping() => Send("STOPPING=1");

    public void Dispose() => socket?.Dispose();

    private void Send(string message)
    {
        try
        {
            socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // A supervisor that cannot listen now hears the next sign of life.
        }
    }
}
