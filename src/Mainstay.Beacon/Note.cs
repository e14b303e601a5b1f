using System.Text;
using Mainstay.Beacon.Native;

namespace Mainstay.Beacon;

/// <summary>Rare lines on standard error, for the journal. A reader that stalls loses lines instead of stalling the beacon.</summary>
internal static unsafe class Note
{
    private const int StandardError = 2;

    public static void Write(string text)
    {
        var entry = new Libc.PollEntry { Descriptor = StandardError, Wanted = Linux.PollOut };
        if (Libc.Poll(&entry, 1, 0) != 1 || (entry.Got & Linux.PollOut) == 0)
            return;
        var line = Encoding.UTF8.GetBytes($"mainstay-beacon: {text}\n");
        fixed (byte* data = line)
            _ = Libc.Write(StandardError, data, (nuint)line.Length);
    }
}
