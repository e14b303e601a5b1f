using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Beacon.Link;

/// <summary>
/// The agent's connection to its beacon over the unix socket. It reconnects for as long as it lives, and keeps the list of protected
/// guests on disk for a hook that finds no beacon.
/// </summary>
public sealed class BeaconLink : IBeaconLink
{
    /// <summary>A beacon that takes longer to confirm a token is treated as one that did not.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan MeasureLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly BeaconPaths paths;
    private readonly TimeProvider time;
    private readonly ProtectedFile protectedFile;
    private readonly Channel<BeaconNews> news =
        Channel.CreateBounded<BeaconNews>(new BoundedChannelOptions(256) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource ending = new();
    private readonly Task running;
    private volatile LinkSession? session;

    public BeaconLink(BeaconPaths paths, TimeProvider time)
    {
        this.paths = paths;
        this.time = time;
        protectedFile = new ProtectedFile(paths.ProtectedList, time);
        running = Run(ending.Token);
    }

    /// <summary>Why the list of protected guests on disk is older than what the beacon was told; null when it is not.</summary>
    public string? ListTrouble => protectedFile.Trouble;

    public async IAsyncEnumerable<BeaconNews> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in news.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            yield return item;
    }

    public async Task SetUp(BeaconSetup setup, CancellationToken cancel)
    {
        if (setup.Protected.Count > AgentFrame.MaxProtected || setup.Peers.Count > AgentFrame.MaxPeers)
        {
            throw new ArgumentException(
                $"A beacon guards at most {AgentFrame.MaxProtected} guests and hears at most {AgentFrame.MaxPeers} peers.", nameof(setup));
        }

        session?.Send(FrameOf(setup));

        // After the frame: a slow disk must not hold up what the beacon is to know.
        await protectedFile.Save(setup, cancel).ConfigureAwait(false);
    }

    public Task<bool> Arm(
        GroupId group,
        string uuid,
        Epoch epoch,
        SessionId session,
        IsolationPolicy onIsolation,
        LeaseLife? read,
        CancellationToken cancel) =>
        Ask(request => FrameOf(FrameKind.Arm, request, new StartToken(group, uuid, epoch, session, onIsolation), read), cancel);

    public async Task<Observed<ConsentAnswer>> Consent(int number, SessionId session, TimeSpan safeAfter, CancellationToken cancel)
    {
        if (this.session is not { } live)
            return new Observed<ConsentAnswer>.Unknown("the beacon does not run");
        try
        {
            var answer = await live.AskConsent(request => FrameOf(request, number, session, safeAfter)).WaitAsync(AnswerLimit, time, cancel)
                .ConfigureAwait(false);
            return answer is null
                ? new Observed<ConsentAnswer>.Unknown("the beacon went away")
                : new Observed<ConsentAnswer>.Known(answer);
        }
        catch (TimeoutException)
        {
            return new Observed<ConsentAnswer>.Unknown("the beacon does not answer");
        }
    }

    public Task<bool> Revoke(GroupId group, string uuid, CancellationToken cancel) =>
        Ask(request => FrameOf(request, uuid), cancel);

    /// <summary>Asks the beacon to begin or end a measurement of the watchdog. Null when it did, else why not.</summary>
    public async Task<string?> Measure(MeasureAct act, string device, int timeout, CancellationToken cancel)
    {
        if (session is not { } live)
            return "the beacon does not run";
        try
        {
            return await live.Ask(request => FrameOf(request, act, device, timeout)).WaitAsync(MeasureLimit, time, cancel)
                .ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return "the beacon does not answer";
        }
    }

    public Task ShowProgress(CancellationToken cancel)
    {
        var buffer = new byte[AgentFrame.HeaderBytes];
        var frame = new WireWriter(buffer);
        AgentFrame.Begin(ref frame, FrameKind.Progress);
        AgentFrame.End(ref frame);
        session?.Send(buffer);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        ending.Dispose();
    }

    private static byte[] FrameOf(BeaconSetup setup)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(AgentFrame.MaxBytes);
        try
        {
            var frame = new WireWriter(buffer.AsSpan(0, AgentFrame.MaxBytes));
            AgentFrame.Begin(ref frame, FrameKind.SetUp);
            AgentFrame.WriteSetUp(ref frame, setup);
            return AgentFrame.End(ref frame)
                ? buffer[..frame.Length]
                : throw new ArgumentException($"A setup has at most {AgentFrame.MaxBytes} bytes.", nameof(setup));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] FrameOf(FrameKind kind, uint request, StartToken token, LeaseLife? read)
    {
        var buffer = new byte[1024];
        var frame = new WireWriter(buffer);
        AgentFrame.Begin(ref frame, kind);
        frame.UInt32(request);
        AgentFrame.WriteToken(ref frame, token);
        LeaseFrame.WriteLife(ref frame, read);
        return AgentFrame.End(ref frame) ? buffer[..frame.Length] : throw new ArgumentException("A token has at most 1024 bytes.");
    }

    private static byte[] FrameOf(uint request, string uuid)
    {
        var buffer = new byte[1024];
        var frame = new WireWriter(buffer);
        AgentFrame.Begin(ref frame, FrameKind.Revoke);
        frame.UInt32(request);
        frame.Text(uuid);
        return AgentFrame.End(ref frame) ? buffer[..frame.Length] : throw new ArgumentException("A UUID has at most 1000 bytes.");
    }

    private static byte[] FrameOf(uint request, int number, SessionId session, TimeSpan safeAfter)
    {
        var buffer = new byte[64];
        var frame = new WireWriter(buffer);
        AgentFrame.Begin(ref frame, FrameKind.Consent);
        frame.UInt32(request);
        frame.UInt16((ushort)number);
        frame.UInt64(session.Number);
        frame.UInt32((uint)Math.Ceiling(safeAfter.TotalMilliseconds));
        AgentFrame.End(ref frame);
        return buffer[..frame.Length];
    }

    private static byte[] FrameOf(uint request, MeasureAct act, string device, int timeout)
    {
        var buffer = new byte[1024];
        var frame = new WireWriter(buffer);
        AgentFrame.Begin(ref frame, FrameKind.Measure);
        frame.UInt32(request);
        frame.Byte((byte)act);
        frame.Text(device);
        frame.UInt32((uint)timeout);
        return AgentFrame.End(ref frame) ? buffer[..frame.Length] : throw new ArgumentException("A device has at most 1000 bytes.");
    }

    private async Task<bool> Ask(Func<uint, byte[]> frame, CancellationToken cancel)
    {
        if (session is not { } live)
            return false;
        try
        {
            return await live.Ask(frame).WaitAsync(AnswerLimit, time, cancel).ConfigureAwait(false) is null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task Run(CancellationToken cancel)
    {
        var pause = FirstPause;
        try
        {
            while (true)
            {
                if (await Connect(cancel).ConfigureAwait(false) is { } socket)
                {
                    pause = FirstPause;
                    var why = await Serve(socket, cancel).ConfigureAwait(false);
                    await news.Writer.WriteAsync(new BeaconNews.Disconnected(why), cancel).ConfigureAwait(false);
                }

                await Task.Delay(pause, time, cancel).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            news.Writer.TryComplete();
        }
    }

    private async Task<Socket?> Connect(CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ConnectLimit);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(paths.AgentSocket), limit.Token).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Lives as long as the connection and returns why it ended.</summary>
    private async Task<string> Serve(Socket socket, CancellationToken cancel)
    {
        var live = new LinkSession(socket, news.Writer);
        session = live;
        try
        {
            await news.Writer.WriteAsync(new BeaconNews.Connected(), cancel).ConfigureAwait(false);
            return await live.Run(cancel).ConfigureAwait(false);
        }
        finally
        {
            session = null;
            live.Dispose();
        }
    }
}
