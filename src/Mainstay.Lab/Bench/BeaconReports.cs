using System.Diagnostics;
using System.Net.Sockets;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;

namespace Mainstay.Lab.Bench;

/// <summary>The agent's end of a beacon's socket, for measuring: sets the beacon up and reads its reports.</summary>
internal sealed class BeaconReports : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly Socket socket;
    private readonly byte[] buffer = new byte[AgentFrame.MaxBytes];
    private int length;

    private BeaconReports(Socket socket) => this.socket = socket;

    public static async Task<BeaconReports> Connect(BeaconPaths paths, TimeSpan limit, CancellationToken cancel)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(paths.AgentSocket), cancel).ConfigureAwait(false);
                return new BeaconReports(socket);
            }
            catch (SocketException) when (waited.Elapsed < limit)
            {
                socket.Dispose();
                await Task.Delay(LookAgain, cancel).ConfigureAwait(false);
            }
            catch (SocketException failed)
            {
                socket.Dispose();
                throw new LabException($"The beacon does not answer within {limit.TotalSeconds:0} s: {failed.Message}");
            }
        }
    }

    public async Task SetUp(BeaconSetup setup, CancellationToken cancel)
    {
        var sent = 0;
        for (var frame = FrameOf(setup); sent < frame.Length;)
            sent += await socket.SendAsync(frame.AsMemory(sent), SocketFlags.None, cancel).ConfigureAwait(false);
    }

    /// <summary>The last figures the beacon told within this time.</summary>
    public async Task<LoopFigures> After(TimeSpan time, CancellationToken cancel)
    {
        LoopFigures? last = null;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < time || last is null;)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancel).ConfigureAwait(false);
            if (got == 0)
                throw new LabException("The beacon closed the connection.");
            length += got;
            while (AgentFrame.Split(buffer.AsSpan(0, length), out var body, out var taken) is { } kind && taken > 0)
            {
                if (kind == FrameKind.Report)
                    last = ReportFrame.Read(body)?.Loop ?? last;
                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
            }
        }

        return last.Value;
    }

    public void Dispose() => socket.Dispose();

    private static byte[] FrameOf(BeaconSetup setup)
    {
        var bytes = new byte[4096];
        var frame = new WireWriter(bytes);
        AgentFrame.Begin(ref frame, FrameKind.SetUp);
        AgentFrame.WriteSetUp(ref frame, setup);
        return AgentFrame.End(ref frame) ? bytes[..frame.Length] : throw new LabException("The setup is too long.");
    }
}
