using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Contract.Tests.Store;

/// <summary>
/// Counts up one key without pause, as the agents write: an unknown outcome is read back and settled, never repeated blindly.
/// </summary>
internal sealed class Writer(IClusterStore store, string key)
{
    private long revision;
    private int number;

    /// <summary>Every value that is known to have been written, in order, as a watch should tell it.</summary>
    public List<string> Written { get; } = [];

    public int Unknowns { get; private set; }

    public string LastWhy { get; private set; } = "";

    public List<double> Milliseconds { get; } = [];

    /// <summary>Until this many more writes have been applied.</summary>
    public async Task Write(int count, CancellationToken cancel)
    {
        for (var target = Written.Count + count; Written.Count < target;)
        {
            cancel.ThrowIfCancellationRequested();
            var text = number.ToString(CultureInfo.InvariantCulture);
            var time = Stopwatch.StartNew();
            var outcome = await store.Commit(new([new(key, revision)], [new(key, Encoding.UTF8.GetBytes(text))]), cancel);
            switch (outcome)
            {
                case RawOutcome.Applied applied:
                    Milliseconds.Add(time.Elapsed.TotalMilliseconds);
                    Note(applied.Revision, text);
                    break;
                case RawOutcome.Conflict:
                    await ReadBack(cancel);
                    break;
                case RawOutcome.Unknown unknown:
                    LastWhy = $"{unknown.Why} ({time.ElapsedMilliseconds} ms)";
                    Unknowns++;
                    await ReadBack(cancel);
                    break;
            }
        }
    }

    private async Task ReadBack(CancellationToken cancel)
    {
        if (await store.Read([key], cancel) is not Observed<RawSnapshot>.Known { Value.Entries: [var entry] }
            || entry.ModRevision == revision)
            return;
        Note(entry.ModRevision, Encoding.UTF8.GetString(entry.Value.GetValueOrDefault().Span));
    }

    private void Note(long at, string text)
    {
        revision = at;
        number = int.Parse(text, CultureInfo.InvariantCulture) + 1;
        Written.Add($"{at} {key}={text}");
    }
}
