using System.Net;
using System.Net.Sockets;
using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>
/// What a crash kernel runs before it writes its dump: tells the others for a minute that the session of this host has crashed. Its network
/// may come up meanwhile. Exit code 0: it was sent at least once.
/// </summary>
internal static unsafe class CrashMode
{
    private const string SessionParameter = "mainstay.session=";
    private const int EveryMilliseconds = 250;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    /// <param name="file">As the agent wrote it; <c>mainstay.session=</c> on the kernel's command line overrides its session.</param>
    public static int Run(string file)
    {
        if (Read(file) is not { } notice || BeaconSeal.FromText(notice.Key) is not { } seal)
            return 2;
        var packet = new BeaconPacket { Host = (ushort)notice.Number, Session = notice.Session.Number, Crashed = true };
        var datagram = new byte[BeaconSeal.MaxBytes];
        var length = seal.Write(packet, datagram);
        var peers = notice.Peers.Select(peer => IPAddress.TryParse(peer, out var ip) ? new IPEndPoint(ip, notice.Port) : null)
            .OfType<IPEndPoint>().ToArray();
        Note.Write($"says for {Lasts.TotalSeconds:0} s to {peers.Length} addresses that session {notice.Session} has crashed");
        var sent = 0;
        for (var end = MonotonicClock.Now + Lasts; MonotonicClock.Now < end;)
        {
            sent += peers.Count(peer => Send(datagram.AsSpan(0, length), peer));
            _ = Libc.Poll(null, 0, EveryMilliseconds);
        }

        return sent > 0 ? 0 : 1;
    }

    private static CrashNotice? Read(string file)
    {
        try
        {
            var notice = CrashNotice.Parse(File.ReadAllText(file), out var why);
            if (notice is null)
                Note.Write($"{file}: {why}");
            return notice is not null && SessionOfKernel() is { } session ? notice with { Session = session } : notice;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            Note.Write($"{file} cannot be read: {missing.Message}");
            return null;
        }
    }

    private static SessionId? SessionOfKernel() => File.ReadAllText("/proc/cmdline").Split()
        .Where(word => word.StartsWith(SessionParameter, StringComparison.Ordinal))
        .Select(word => SessionId.TryParse(word[SessionParameter.Length..], out var session) ? (SessionId?)session : null)
        .FirstOrDefault();

    // No route yet, no address yet: the next try may find them.
    private static bool Send(ReadOnlySpan<byte> datagram, IPEndPoint peer)
    {
        try
        {
            using var socket = new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            return socket.SendTo(datagram, peer) == datagram.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
