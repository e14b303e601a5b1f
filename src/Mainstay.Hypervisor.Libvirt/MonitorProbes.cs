using System.Diagnostics;
using Mainstay.Core.Model;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// Finds guests whose QEMU does not answer its monitor although its process is there. One guest after the other is asked for the counters
/// of its disks, the cheapest question that libvirt passes on to every QEMU, on threads of their own: a question that hangs blocks
/// nothing else, and how long it hangs is the finding.
/// </summary>
internal sealed class MonitorProbes(LibvirtOptions options) : IAsyncDisposable
{
    /// <summary>Beyond so many stuck guests no more are asked: the host is ill enough.</summary>
    private const int AtOnce = 2;

    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(10);

    /// <summary>Every guest has its turn once in this time, so that few guests cost little.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    private readonly LibvirtLanes lanes = new(options, "monitor", AtOnce, warmUp: false);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Probe> open = [];
    private string last = "";
    private long lastBegun;

    /// <summary>Asks the next guest and names those that have not answered for too long. Called again and again by one caller.</summary>
    internal ValueList<string> Next(IReadOnlyList<ActiveGuest> guests)
    {
        open.RemoveAll(probe => probe.Answer.IsCompleted || guests.All(guest => guest.Uuid != probe.Guest.Uuid));
        if (open.Count < AtOnce && Stopwatch.GetElapsedTime(lastBegun) * guests.Count >= Round && After(guests) is { } next)
        {
            (last, lastBegun) = (next.Name, Stopwatch.GetTimestamp());
            open.Add(new Probe(next, Stopwatch.GetTimestamp(), Ask(next)));
        }

        return open.Where(probe => Stopwatch.GetElapsedTime(probe.Begun) > StuckAfter)
            .Select(probe => probe.Guest.Name).Order(StringComparer.Ordinal).ToValueList();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await lanes.DisposeAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private ActiveGuest? After(IReadOnlyList<ActiveGuest> guests)
    {
        var free = guests.Where(guest => open.TrueForAll(probe => probe.Guest.Uuid != guest.Uuid))
            .OrderBy(guest => guest.Name, StringComparer.Ordinal).ToArray();
        return Array.Find(free, guest => string.CompareOrdinal(guest.Name, last) > 0) ?? free.FirstOrDefault();
    }

    private Task<LaneAnswer<bool>> Ask(ActiveGuest guest) => lanes.Ask(
        connection =>
        {
            using var domain = connection.FindByUuid(guest.Uuid);
            return domain is not null && LibvirtConnection.AskMonitor(domain);
        },
        Timeout.InfiniteTimeSpan,
        stop.Token);

    private sealed record Probe(ActiveGuest Guest, long Begun, Task<LaneAnswer<bool>> Answer);
}
