using System.Runtime.InteropServices;
using Mainstay.Beacon.Native;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>The beacon's socket on one network: bound to the own address there, and the addresses of the peers.</summary>
internal sealed unsafe class Network : IDisposable
{
    /// <summary>More than this many errors or datagrams are left for the next wake-up.</summary>
    private const int AtOnce = 512;

    private readonly Endpoint own;
    private Endpoint[] peers = [];
    private int[] numbers = [];
    private bool complained;

    public Network(string address, int port)
    {
        Address = address;
        own = Endpoint.Parse(address, port)
            ?? throw new FormatException($"'{address}' is no IP address; beacons are sent to numeric addresses only.");
    }

    public string Address { get; }

    /// <summary>Negative while the address is not there.</summary>
    public int Descriptor { get; private set; } = -1;

    public void SetPeers(IReadOnlyList<(int Number, Endpoint Address)> list)
    {
        peers = [.. list.Select(peer => peer.Address)];
        numbers = [.. list.Select(peer => peer.Number)];
    }

    /// <summary>Binds when not bound yet. A missing address is waited for: the network may be down or not configured yet.</summary>
    public void Open()
    {
        if (Descriptor >= 0)
            return;
        var socket = Libc.Socket(own.Family, Linux.Datagram | Linux.NonBlocking | Linux.CloseOnExec, 0);
        var on = 1;
        var local = own;
        fixed (byte* address = local.Raw)
        {
            if (socket >= 0 && Libc.Bind(socket, address, local.Length) == 0)
            {
                // Without this the kernel would not say which peer's port is closed.
                _ = own.Family == Linux.FamilyInet
                    ? Libc.SetOption(socket, Linux.LevelIp, Linux.IpReceiveErrors, &on, sizeof(int))
                    : Libc.SetOption(socket, Linux.LevelIpv6, Linux.Ipv6ReceiveErrors, &on, sizeof(int));
                Descriptor = socket;
                Note.Write($"beacons go out from {Address}");
                complained = false;
                return;
            }
        }

        var why = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        if (socket >= 0)
            _ = Libc.Close(socket);
        if (!complained)
            Note.Write($"{Address} cannot be used ({why}); trying again every second");
        complained = true;
    }

    /// <summary>Sends one datagram to every peer. A peer that cannot be reached is no error: silence is what beacons are about.</summary>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (Descriptor < 0)
            return;
        fixed (byte* data = datagram)
        {
            for (var i = 0; i < peers.Length; i++)
            {
                fixed (byte* address = peers[i].Raw)
                {
                    // An error of an earlier datagram is reported here instead of sending: the second try sends.
                    var sent = Libc.SendTo(Descriptor, data, (nuint)datagram.Length, Linux.MessageNoSignal, address, peers[i].Length);
                    if (sent < 0)
                        _ = Libc.SendTo(Descriptor, data, (nuint)datagram.Length, Linux.MessageNoSignal, address, peers[i].Length);
                }
            }
        }
    }

    /// <summary>Hands every waiting datagram to the receiver.</summary>
    public void Drain(Span<byte> buffer, Action<int> received)
    {
        fixed (byte* data = buffer)
        {
            for (var i = 0; i < AtOnce; i++)
            {
                var length = Libc.Receive(Descriptor, data, (nuint)buffer.Length, 0);
                if (length >= 0)
                    received((int)length);
                else if (Marshal.GetLastPInvokeError() == Linux.ErrorAgain)
                    return;
            }
        }
    }

    /// <summary>Tells the table which peers' kernels refused our beacons.</summary>
    public void DrainErrors(BeaconTable table, Instant now)
    {
        var name = stackalloc byte[Endpoint.MaxBytes];
        var control = stackalloc byte[512];
        var payload = stackalloc byte[16];
        for (var i = 0; i < AtOnce; i++)
        {
            var vector = new Libc.Vector { Data = payload, Length = 16 };
            var message = new Libc.MessageHeader
            {
                Name = name,
                NameLength = Endpoint.MaxBytes,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = 512,
            };
            if (Libc.ReceiveMessage(Descriptor, &message, Linux.MessageErrorQueue | Linux.MessageDontWait) < 0)
                return;
            var target = new ReadOnlySpan<byte>(name, message.NameLength);
            var refusal = new ReadOnlySpan<byte>(control, (int)message.ControlLength);
            if (PeerThatRefused(target, refusal) is var peer and >= 0)
                table.HostAnswered(numbers[peer], now);
        }
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
            _ = Libc.Close(Descriptor);
        Descriptor = -1;
    }

    /// <summary>
    /// The peer that sent "port unreachable" for a beacon to itself, else -1. A router or firewall that refuses in its name says nothing
    /// about its kernel, so the sender of the message must be the peer.
    /// </summary>
    /// <param name="control">One control message: header (16 bytes), struct sock_extended_err (16 bytes), address of the sender.</param>
    private int PeerThatRefused(ReadOnlySpan<byte> target, ReadOnlySpan<byte> control)
    {
        const int header = 16;
        const int error = 16;
        var host = own.Family == Linux.FamilyInet ? 4..8 : 8..24;
        if (control.Length < header + error + host.End.Value || target.Length < host.End.Value)
            return -1;
        var (origin, type, code) = (control[header + 4], control[header + 5], control[header + 6]);
        var portUnreachable = (origin == Linux.OriginIcmp && type == 3 && code == 3)
            || (origin == Linux.OriginIcmp6 && type == 1 && code == 4);
        var sender = control[(header + error)..];
        if (!portUnreachable || !sender[host].SequenceEqual(target[host]))
            return -1;
        for (var i = 0; i < peers.Length; i++)
        {
            if (peers[i].Host.SequenceEqual(target[host]))
                return i;
        }

        return -1;
    }
}
