using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Mainstay.Store.Etcd.Client;

/// <summary>
/// Opens connections. It is done here, TLS handshake included, so that every failure before the first request byte is known to be one:
/// only then may a write go to another endpoint.
/// </summary>
internal sealed class EtcdSocket(EtcdTls? tls)
{
    private static readonly TimeSpan TcpLimit = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan TlsLimit = TimeSpan.FromMilliseconds(700);

    /// <summary>Linux TCP_USER_TIMEOUT: unacknowledged data ends the connection after this time, where TCP alone takes minutes.</summary>
    private const int UserTimeoutOption = 18;
    private const int UserTimeoutMs = 2000;

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var stream = await ConnectTcp(context.DnsEndPoint, cancel).ConfigureAwait(false);
        if (tls is null)
            return stream;
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TlsLimit);
        try
        {
            await secured.AuthenticateAsClientAsync(tls.OptionsFor(context.DnsEndPoint.Host), limit.Token).ConfigureAwait(false);
            return secured;
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException or OperationCanceledException)
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw new NotConnectedException($"TLS with {Name(context.DnsEndPoint)}: {Reason(failure)}", failure);
        }
    }

    private static async Task<NetworkStream> ConnectTcp(DnsEndPoint target, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TcpLimit);
        try
        {
            Span<byte> userTimeout = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(userTimeout, UserTimeoutMs);
            if (OperatingSystem.IsLinux())
                socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeoutOption, userTimeout);
            var connecting = IPAddress.TryParse(target.Host, out var address)
                ? socket.ConnectAsync(new IPEndPoint(address, target.Port), limit.Token)
                : socket.ConnectAsync(target, limit.Token);
            await connecting.ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw new NotConnectedException($"connecting to {Name(target)}: {Reason(failure)}", failure);
        }
    }

    private static string Name(DnsEndPoint target) => $"{target.Host}:{target.Port}";

    private static string Reason(Exception failure) =>
        failure is OperationCanceledException ? "no answer" : failure.InnerException?.Message ?? failure.Message;
}
