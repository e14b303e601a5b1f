using System.Text;
using Mainstay.Beacon.Native;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>Answers the libvirt hook: a line with the guest's UUID and name comes in, a line with the answer goes out.</summary>
internal sealed unsafe class HookPort(string path, StartGate gate) : IDisposable
{
    /// <summary>Hooks that ask at the same time; more wait in the listener's queue.</summary>
    public const int Slots = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly UnixListener listener = new(path);
    private readonly Caller[] callers = [.. Enumerable.Range(0, Slots).Select(_ => new Caller())];

    public int Listener => listener.Descriptor;

    public int Descriptor(int slot) => callers[slot].Descriptor;

    public void Accept(Instant now)
    {
        foreach (var caller in callers)
        {
            if (caller.Descriptor >= 0)
                continue;
            caller.Descriptor = listener.Accept();
            if (caller.Descriptor < 0)
                return;
            caller.Length = 0;
            caller.Since = now;
            Serve(caller, now);
        }
    }

    public void Serve(int slot, Instant now) => Serve(callers[slot], now);

    /// <summary>Once a second: hangs up on callers that never ask.</summary>
    public void Tidy(Instant now)
    {
        foreach (var caller in callers)
        {
            if (caller.Descriptor >= 0 && now - caller.Since > Patience)
                caller.HangUp();
        }
    }

    public void Dispose()
    {
        foreach (var caller in callers)
            caller.HangUp();
        listener.Dispose();
    }

    private void Serve(Caller caller, Instant now)
    {
        fixed (byte* data = caller.Buffer)
        {
            var got = Libc.Receive(caller.Descriptor, data + caller.Length, (nuint)(caller.Buffer.Length - caller.Length), 0);
            if (got < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Linux.ErrorAgain)
                return;
            caller.Length += (int)Math.Max(0, got);
            var line = caller.Buffer.AsSpan(0, caller.Length);
            var end = line.IndexOf((byte)'\n');
            if (end >= 0)
                Answer(caller, Encoding.UTF8.GetString(line[..end]), now);
            else if (got > 0 && caller.Length < caller.Buffer.Length)
                return;
            caller.HangUp();
        }
    }

    private void Answer(Caller caller, string request, Instant now)
    {
        // A name may hold spaces, so it comes last.
        var words = request.Split(' ', 3);
        if (words.Length > 1 && words[1] == HookProtocol.GivenUp)
        {
            gate.GivenUp(words[0]);
            return;
        }

        var answer = gate.Answer(words[0], words.Length > 2 ? words[2] : "", now);
        if (answer.StartsWith(HookProtocol.Refuse, StringComparison.Ordinal))
            Note.Write($"refused {(words.Length > 1 ? words[1] : "")} of {answer[HookProtocol.Refuse.Length..]}");
        var bytes = Encoding.UTF8.GetBytes(answer + "\n");
        fixed (byte* data = bytes)
            _ = Libc.Send(caller.Descriptor, data, (nuint)Math.Min(bytes.Length, HookProtocol.MaxBytes), Linux.MessageNoSignal);
    }

    private sealed class Caller
    {
        public readonly byte[] Buffer = new byte[HookProtocol.MaxBytes];
        public int Descriptor = -1;
        public int Length;
        public Instant Since;

        public void HangUp()
        {
            if (Descriptor >= 0)
                _ = Libc.Close(Descriptor);
            Descriptor = -1;
        }
    }
}
