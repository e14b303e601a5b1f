using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mainstay.Core.Model;

namespace Mainstay.Fencing;

/// <summary>
/// Tells an unreachable fencing device from one that refuses the login, which agents report with the same words. It asks the device for a
/// sign of life that needs no password: an RMCP presence ping for IPMI (ASF 2.0, section 3.2.4.2), a TCP connection for all others.
/// </summary>
internal static class Reachability
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // RMCP version 6, no acknowledgement wanted, class ASF; IANA number 4542, message type 0x80 (presence ping), tag 1.
    private static readonly byte[] PresencePing = [0x06, 0x00, 0xff, 0x06, 0x00, 0x00, 0x11, 0xbe, 0x80, 0x01, 0x00, 0x00];

    /// <summary>Unknown when the method names no address, or its kind of device cannot be asked.</summary>
    public static async Task<Observed<bool>> Ask(FenceMethod method, AgentMetadata metadata, CancellationToken cancel)
    {
        var address = Option(method, "ip") ?? (Option(method, "port_as_ip") is not null ? Option(method, "plug") : null);
        var portText = Option(method, "ipport") ?? metadata.Find("ipport")?.Default;
        if (address is null || !int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new Observed<bool>.Unknown("the method names no address and port");
        var ipmi = metadata.Find("lanplus") is not null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address, limit.Token).ConfigureAwait(false);
            if (addresses.Length == 0)
                return new Observed<bool>.Unknown($"'{address}' has no address");
            var end = new IPEndPoint(addresses[0], port);
            return new Observed<bool>.Known(await (ipmi ? Ping(end, limit.Token) : Connect(end, limit.Token)).ConfigureAwait(false));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            return new Observed<bool>.Unknown($"'{address}' cannot be resolved");
        }
        catch (SocketException)
        {
            return new Observed<bool>.Known(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Observed<bool>.Known(false);
        }
    }

    private static async Task<bool> Ping(IPEndPoint end, CancellationToken cancel)
    {
        using var socket = new Socket(end.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(end, cancel).ConfigureAwait(false);
        await socket.SendAsync(PresencePing, cancel).ConfigureAwait(false);
        return await socket.ReceiveAsync(new byte[64], cancel).ConfigureAwait(false) > 0;
    }

    private static async Task<bool> Connect(IPEndPoint end, CancellationToken cancel)
    {
        using var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(end, cancel).ConfigureAwait(false);
        return true;
    }

    private static string? Option(FenceMethod method, string name) => method.Options.FirstOrDefault(o => o.Name == name)?.Value;
}
