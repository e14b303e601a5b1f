using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>Just enough of iSCSI (RFC 7143) to log in without authentication and write one block: what a QEMU would do.</summary>
internal sealed class IscsiInitiator : IAsyncDisposable
{
    private const int HeaderSize = 48;
    private const int BlockSize = 512;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Socket socket;
    private uint commandNumber = 1;
    private uint expectedStatus;
    private uint tag = 1;

    private IscsiInitiator(Socket socket) => this.socket = socket;

    /// <summary>Null when the target refuses.</summary>
    public static async Task<IscsiInitiator?> Connect(IPAddress from, IPEndPoint portal, string name, string target)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        var initiator = new IscsiInitiator(socket);
        try
        {
            using var end = new CancellationTokenSource(Limit);
            await socket.ConnectAsync(portal, end.Token);
            if (await initiator.LogIn(name, target, end.Token))
                return initiator;
        }
        catch (Exception gone) when (gone is SocketException or EndOfStreamException or OperationCanceledException)
        {
            // Refused, as the null says.
        }

        await initiator.DisposeAsync();
        return null;
    }

    /// <summary>Whether the target has written it. The first command of a session only learns that it is the first.</summary>
    public async Task<bool> Write(uint block)
    {
        try
        {
            using var end = new CancellationTokenSource(Limit);
            for (var tries = 0; tries < 3; tries++)
            {
                if (await WriteOnce(block, end.Token))
                    return true;
            }
        }
        catch (Exception gone) when (gone is SocketException or EndOfStreamException or OperationCanceledException)
        {
            // The session is gone.
        }

        return false;
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> LogIn(string name, string target, CancellationToken cancel)
    {
        var keys = string.Concat(
            ((string[])[
                $"InitiatorName={name}", $"TargetName={target}", "SessionType=Normal", "HeaderDigest=None", "DataDigest=None",
                "InitialR2T=No", "ImmediateData=Yes", "MaxRecvDataSegmentLength=65536", "MaxBurstLength=65536",
                "FirstBurstLength=65536", "ErrorRecoveryLevel=0",
            ]).Select(key => key + "\0"));
        var data = Encoding.ASCII.GetBytes(keys);
        for (var step = 0; step < 4; step++)
        {
            var header = new byte[HeaderSize];
            (header[0], header[1]) = (0x43, 0x87); // Login, immediate; from the operational stage to the full feature phase.
            (header[8], header[13]) = (0x80, (byte)socket.LocalEndPoint!.GetHashCode());
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), tag);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), commandNumber);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), expectedStatus);
            await Send(header, data, cancel);
            var answer = await Receive(cancel);
            if ((answer[0] & 0x3f) != 0x23 || answer[36] != 0)
                return false;
            if ((answer[1] & 0x83) == 0x83)
                return true;
            data = [];
        }

        return false;
    }

    private async Task<bool> WriteOnce(uint block, CancellationToken cancel)
    {
        var header = new byte[HeaderSize];
        (header[0], header[1], header[9]) = (0x01, 0xa1, 1); // A command that writes, to logical unit 1.
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(16), ++tag);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), BlockSize);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), commandNumber++);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(28), expectedStatus);
        header[32] = 0x2a; // WRITE(10)
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(34), block);
        header[40] = 1;
        var data = new byte[BlockSize];
        data.AsSpan().Fill((byte)block);
        await Send(header, data, cancel);
        while (true)
        {
            var answer = await Receive(cancel);
            if ((answer[0] & 0x3f) == 0x21)
                return answer[2] == 0 && answer[3] == 0;
        }
    }

    private async Task Send(byte[] header, byte[] data, CancellationToken cancel)
    {
        (header[5], header[6], header[7]) = ((byte)(data.Length >> 16), (byte)(data.Length >> 8), (byte)data.Length);
        var whole = new byte[HeaderSize + ((data.Length + 3) / 4 * 4)];
        header.CopyTo(whole, 0);
        data.CopyTo(whole, HeaderSize);
        await socket.SendAsync(whole, cancel);
    }

    private async Task<byte[]> Receive(CancellationToken cancel)
    {
        var header = await Exactly(HeaderSize, cancel);
        var length = (header[5] << 16) | (header[6] << 8) | header[7];
        await Exactly((length + 3) / 4 * 4, cancel);
        expectedStatus = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(24)) + 1;
        return header;
    }

    private async Task<byte[]> Exactly(int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(have), cancel);
            if (read == 0)
                throw new EndOfStreamException();
            have += read;
        }

        return bytes;
    }
}
