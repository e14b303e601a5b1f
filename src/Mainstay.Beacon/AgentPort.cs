using System.Runtime.InteropServices;
using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;

namespace Mainstay.Beacon;

/// <summary>The connection to the agent. There is one at most: an agent that connects takes the place of the one before.</summary>
internal sealed unsafe class AgentPort(string path) : IDisposable
{
    private const int OutgoingBytes = 512 * 1024;

    private readonly UnixListener listener = new(path);
    private readonly byte[] incoming = new byte[AgentFrame.MaxBytes];
    private readonly byte[] outgoing = new byte[OutgoingBytes];
    private int received;
    private int queued;

    public int Listener => listener.Descriptor;

    public int Descriptor { get; private set; } = -1;

    public bool Connected => Descriptor >= 0;

    /// <summary>Something waits until the agent reads.</summary>
    public bool Congested => queued > 0;

    public void Accept()
    {
        var fresh = listener.Accept();
        if (fresh < 0)
            return;
        if (Connected)
            HangUp("another agent connected");
        Descriptor = fresh;
        Note.Write("agent connected");
    }

    /// <summary>Reads what there is; hangs up at the end of the stream.</summary>
    public void Read()
    {
        fixed (byte* data = incoming)
        {
            var got = Libc.Receive(Descriptor, data + received, (nuint)(incoming.Length - received), 0);
            if (got > 0)
                received += (int)got;
            else if (got == 0 || Marshal.GetLastPInvokeError() is not (Linux.ErrorAgain or Linux.ErrorInterrupted))
                HangUp("it went away");
        }
    }

    /// <summary>The next whole frame, or null. The body is valid until <see cref="Drop"/>.</summary>
    public FrameKind? Next(out ReadOnlySpan<byte> body, out int taken)
    {
        var kind = AgentFrame.Split(incoming.AsSpan(0, received), out body, out taken);
        if (kind == FrameKind.None)
            HangUp("it speaks another protocol");
        return kind == FrameKind.None ? null : kind;
    }

    /// <summary>Forgets a frame that was dealt with.</summary>
    public void Drop(int taken)
    {
        if (taken > received)
            return;
        incoming.AsSpan(taken, received - taken).CopyTo(incoming);
        received -= taken;
    }

    /// <summary>Room for a frame, to be handed back to <see cref="Send"/>.</summary>
    public WireWriter Begin(FrameKind kind)
    {
        var writer = new WireWriter(outgoing.AsSpan(queued));
        AgentFrame.Begin(ref writer, kind);
        return writer;
    }

    public void Send(ref WireWriter frame)
    {
        if (!Connected)
            return;
        if (!AgentFrame.End(ref frame))
        {
            HangUp("it does not read its answers");
            return;
        }

        queued += frame.Length;
        Flush();
    }

    public void Flush()
    {
        fixed (byte* data = outgoing)
        {
            var sent = Libc.Send(Descriptor, data, (nuint)queued, Linux.MessageNoSignal);
            if (sent < 0)
            {
                if (Marshal.GetLastPInvokeError() is not (Linux.ErrorAgain or Linux.ErrorInterrupted))
                    HangUp("it went away");
                return;
            }

            outgoing.AsSpan((int)sent, queued - (int)sent).CopyTo(outgoing);
            queued -= (int)sent;
        }
    }

    public void HangUp(string why)
    {
        if (!Connected)
            return;
        _ = Libc.Close(Descriptor);
        Descriptor = -1;
        received = 0;
        queued = 0;
        Note.Write($"agent disconnected: {why}");
    }

    public void Dispose()
    {
        HangUp("the beacon ends");
        listener.Dispose();
    }
}
