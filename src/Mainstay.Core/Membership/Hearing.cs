using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>The last beacon report and when it came. Answers who is silent, for how long, and who agrees.</summary>
public sealed class Hearing
{
    /// <summary>A report older than this says nothing: the beacon is gone or stuck.</summary>
    public static readonly TimeSpan ReportLife = TimeSpan.FromMilliseconds(1500);

    public static readonly Hearing Deaf = new(new BeaconReport(TimeSpan.Zero, []), Instant.Origin - TimeSpan.FromDays(1));

    private readonly BeaconReport report;
    private readonly Instant at;

    public Hearing(BeaconReport report, Instant at)
    {
        this.at = at;
        this.report = IsOrdered(report) ? report : report with { Peers = report.Peers.OrderBy(peer => peer.Host).ToValueList() };
    }

    public BeaconReport Report => report;

    public bool IsFresh(Instant now) => now - at <= ReportLife;

    public PeerSight? Sight(HostId host)
    {
        var peers = report.Peers.AsSpan();
        var (low, high) = (0, peers.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = peers[middle].Host.CompareTo(host);
            if (order == 0)
                return peers[middle];
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    /// <summary>How long the peer has been silent here; null when nothing is known of it.</summary>
    public TimeSpan? Silence(HostId host, Instant now) =>
        IsFresh(now) && Sight(host) is { } sight ? sight.Silence + Since(sight, now) : null;

    /// <summary>True only when silence is known and at least this long. Unknown is not silence.</summary>
    public bool IsSilent(HostId host, TimeSpan atLeast, Instant now) => Silence(host, now) is { } silence && silence >= atLeast;

    /// <summary>True only when the peer was heard within the time. A peer never heard is not heard, however short the silence.</summary>
    public bool IsHeard(HostId host, TimeSpan within, Instant now) =>
        Silence(host, now) is { } silence && silence < within && Sight(host) is { Session: not null };

    /// <summary>
    /// Observers that can be heard here, this host among them, and how many of them have not heard the target for the time. Opinions of
    /// hosts outside <paramref name="voters"/> do not count.
    /// </summary>
    public (int Silent, int Observers) Votes(HostId target, IEnumerable<HostId> voters, TimeSpan atLeast, TimeSpan heardWithin, Instant now)
    {
        var (silent, observers) = (IsSilent(target, atLeast, now) ? 1 : 0, IsFresh(now) ? 1 : 0);
        foreach (var voter in voters)
        {
            if (voter == target || !IsHeard(voter, heardWithin, now) || Sight(voter) is not { } sight)
                continue;
            foreach (var opinion in sight.Hears)
            {
                if (opinion.Host != target)
                    continue;
                observers++;
                if (opinion.Silence >= atLeast)
                    silent++;
            }
        }

        return (silent, observers);
    }

    /// <summary>True when anybody whom we hear has heard the target, or its kernel, within the time.</summary>
    public bool AnybodyHears(HostId target, TimeSpan within, Instant now) =>
        AnybodyHearsItsBeacon(target, within, now) || WhoseQuestionsItAnswers(target, within, now) is not null;

    /// <summary>The same of its beacon alone: the kernel that answers may be the crash kernel.</summary>
    public bool AnybodyHearsItsBeacon(HostId target, TimeSpan within, Instant now) =>
        IsHeard(target, within, now)
        || report.Peers.Any(p =>
            p.Host != target && IsHeard(p.Host, within, now) && p.Hears.Any(o => o.Host == target && o.Silence < within));

    /// <summary>A host whom we hear and whose beacons the kernel of the silent target refuses: it lives. Null when there is none.</summary>
    public HostId? WhoseQuestionsItAnswers(HostId target, TimeSpan heardWithin, Instant now)
    {
        foreach (var peer in report.Peers.AsSpan())
        {
            if (peer.Host != target && IsHeard(peer.Host, heardWithin, now) && peer.Hears.Any(o => o.Host == target && o.HostAnswers))
                return peer.Host;
        }

        return null;
    }

    private static bool IsOrdered(BeaconReport report)
    {
        for (var i = 1; i < report.Peers.Count; i++)
        {
            if (report.Peers[i].Host.CompareTo(report.Peers[i - 1].Host) < 0)
                return false;
        }

        return true;
    }

    // A peer heard a moment ago may have spoken again since the report; only a silence already begun is extended.
    private TimeSpan Since(PeerSight sight, Instant now) => sight.Silence >= TimeSpan.FromMilliseconds(250) ? now - at : TimeSpan.Zero;
}
