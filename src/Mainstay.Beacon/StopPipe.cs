using System.Runtime.InteropServices;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>Turns a signal to end into something poll sees.</summary>
internal sealed unsafe class StopPipe
{
    private readonly int writeEnd;

    private StopPipe(int readEnd, int writeEnd)
    {
        Descriptor = readEnd;
        this.writeEnd = writeEnd;
    }

    public int Descriptor { get; }

    public static StopPipe Open()
    {
        var ends = stackalloc int[2];
        return Libc.Pipe(ends, Linux.NonBlocking | Linux.CloseOnExec) == 0
            ? new StopPipe(ends[0], ends[1])
            : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    public void Signal(PosixSignalContext context)
    {
        // The loop ends in its own time, and the process with it.
        context.Cancel = true;
        byte one = 1;
        _ = Libc.Write(writeEnd, &one, 1);
    }
}
