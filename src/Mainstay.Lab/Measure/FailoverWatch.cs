using System.Diagnostics;
using Mainstay.Lab.Guests;

namespace Mainstay.Lab.Measure;

/// <summary>Takes a host away and follows what comes of it until the end that is waited for.</summary>
internal sealed class FailoverWatch(LabCluster lab, FactFeed feed, GuestWatch words, Action<TimelineLine> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(15);

    /// <summary>The loss of its power, unless another end is named.</summary>
    public HostEnd End { get; init; } = HostEnd.Power;

    public async Task<Failover> Kill(
        string victim, IEnumerable<string> guests, Func<Failover, bool> ended, TimeSpan limit, CancellationToken cancel)
    {
        // What was said before is not of interest.
        feed.News();
        while (words.Events.TryRead(out _))
            continue;
        var death = await KillMoment.Begin(lab, victim, End, cancel).ConfigureAwait(false);
        var failover = new Failover(victim, guests, death);
        // The supervisor learns that the power is off, and returns when the last process of the host is gone.
        var gone = End switch
        {
            HostEnd.Power => lab.Kill(victim, withBmc: false, cancel),
            HostEnd.PowerAndBmc => lab.Kill(victim, withBmc: true, cancel),
            HostEnd.Hang or HostEnd.Partition => Task.CompletedTask,
        };
        try
        {
            await Follow(failover, ended, limit, cancel).ConfigureAwait(false);
        }
        finally
        {
            await gone.ConfigureAwait(false);
        }

        return failover;
    }

    private async Task Follow(Failover failover, Func<Failover, bool> ended, TimeSpan limit, CancellationToken cancel)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < limit; await Task.Delay(Look, cancel).ConfigureAwait(false))
        {
            Take(failover);
            if (ended(failover))
                return;
        }

        throw new LabException($"The failover did not end within {limit.TotalSeconds:0} s: {failover.Describe()}.\n{feed.LastFacts()}");
    }

    private void Take(Failover failover)
    {
        var lines = new List<TimelineLine>();
        foreach (var entry in feed.News())
            Add(lines, failover.Take(entry));
        while (words.Events.TryRead(out var said))
            Add(lines, failover.Take(said));
        foreach (var line in lines.OrderBy(line => line.Seconds))
            tell(line);
    }

    private static void Add(List<TimelineLine> lines, TimelineLine? line)
    {
        if (line is not null)
            lines.Add(line);
    }
}
