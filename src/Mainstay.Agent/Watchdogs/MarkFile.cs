using System.Globalization;
using Mainstay.Core.Lease;

namespace Mainstay.Agent.Watchdogs;

/// <summary>
/// For how long the watchdog has not been fed, as this host's own disk knows it: a line of milliseconds each, on the disk before the next.
/// </summary>
internal static class MarkFile
{
    public const string Witness = "its own disk";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Writes until the time is over; else the machine ends before.</summary>
    public static async Task Write(string path, Func<TimeSpan> unfed, TimeSpan until, TimeProvider time, CancellationToken cancel)
    {
        await using var file = new StreamWriter(new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.WriteThrough,
            BufferSize = 0,
        }));
        while (unfed() is var now && now < until)
        {
            await file.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{(long)now.TotalMilliseconds}\n").AsMemory(), cancel)
                .ConfigureAwait(false);
            await file.FlushAsync(cancel).ConfigureAwait(false);
            await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Null when nothing was written. A line that was cut short by the reset is left out.</summary>
    public static ResetWitness? Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var (marks, last, gap) = (0, 0L, 0L);
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var mark) || mark < last)
                continue;
            gap = marks == 0 ? 0 : Math.Max(gap, mark - last);
            (marks, last) = (marks + 1, mark);
        }

        return marks == 0
            ? null
            : new ResetWitness(Witness, TimeSpan.FromMilliseconds(last), marks, TimeSpan.FromMilliseconds(gap));
    }
}
