using System.Globalization;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Health;

/// <summary>
/// Tells apart what died: agent, beacon, libvirtd, a network, the storage, or the host. A pure function of what one agent knows; the leader
/// reports changes as facts, and every agent shows it in its status.
/// </summary>
public static class Diagnostician
{
    /// <summary>A write that takes this long has met a storage that does not answer.</summary>
    private static readonly TimeSpan StorageLostAfter = TimeSpan.FromSeconds(15);

    public static HostDiagnosis Of(ClusterView view, Hearing hearing, HostId self, HostId host, Instant now)
    {
        var session = view.Sessions.GetValueOrDefault(host)?.Value;
        return session?.State switch
        {
            null => new(HostCondition.Away, "it has not begun a session", "nothing: it takes part when it joins"),
            SessionState.Left => new(HostCondition.Away, "it left in order", "nothing: it returns with a new session"),
            SessionState.Fenced => new(HostCondition.Dead, Proofs(view, new HostSession(host, session.Session)),
                "its guests are started on other hosts"),
            SessionState.Fencing => new(HostCondition.Silent, "it was declared silent and no proof of its death exists yet",
                "it is fenced by every method until a proof exists; its guests wait for that"),
            SessionState.Online => OfOnline(view, hearing, self, host, now),
        };
    }

    private static HostDiagnosis OfOnline(ClusterView view, Hearing hearing, HostId self, HostId host, Instant now)
    {
        if (host != self && hearing.IsSilent(host, view.Timing.SuspectAfter, now))
            return OfSilent(view, hearing, host, now);
        if (host != self && hearing.Sight(host) is { AgentAlive: false, Session: not null })
        {
            return new(HostCondition.AgentHung, "its beacon is heard and says that its agent makes no progress",
                "nothing: its supervisor restarts the agent, which finds its guests again; they run on, unwatched meanwhile");
        }

        if (SpentRules.Of(view, host) is { IsEmpty: false } storages)
        {
            return new(HostCondition.StorageLost, $"it was cut off from {string.Join(", ", storages)} before the store was restored",
                "its session ends, with its guests, and it gets the storage back when it joins anew");
        }

        return OneWay(view, hearing, self, host) ?? OfHeard(view, hearing, self, host)
            ?? new HostDiagnosis(HostCondition.Healthy, "", "");
    }

    private static HostDiagnosis OfSilent(ClusterView view, Hearing hearing, HostId host, Instant now)
    {
        var silence = string.Create(CultureInfo.InvariantCulture, $"no beacon of it for {hearing.Silence(host, now)?.TotalSeconds:0.0} s");
        if (hearing.Sight(host) is { HostAnswers: true })
        {
            return new(HostCondition.BeaconDead, $"{silence}, but its kernel answers that nobody listens there",
                "nothing: its supervisor restarts the beacon; it is not fenced");
        }

        if (hearing.AnybodyHears(host, view.Timing.SuspectAfter, now))
            return new(
                HostCondition.HeardOneWay, $"{silence} here, but others hear it", "nothing: it is not fenced while others hear it");
        return view.Hosts.GetValueOrDefault(host) is { Value.Maintenance: true }
            ? new(HostCondition.Silent, $"{silence}, and it is in maintenance",
                $"nothing: its guests are taken over only when it returns, or on mainstay confirm-dead {host}")
            : new(HostCondition.Silent, silence, "its power is read; it is fenced when the silence lasts and no brake holds");
    }

    private static HostDiagnosis? OneWay(ClusterView view, Hearing hearing, HostId self, HostId host)
    {
        if (host == self || hearing.Sight(host) is not { } sight)
            return null;
        foreach (var opinion in sight.Hears)
        {
            if (opinion.Host == self && opinion.Silence >= view.Timing.SuspectAfter)
                return new(HostCondition.HeardOneWay, $"it is heard and has not heard {self} for {opinion.Silence.TotalSeconds:0.0} s",
                    "nothing: beacons reach it by way of others, or its lease runs out and it stops its guests itself");
        }

        return null;
    }

    private static HostDiagnosis? OfHeard(ClusterView view, Hearing hearing, HostId self, HostId host)
    {
        var session = view.OnlineSession(host);
        var load = view.Loads.GetValueOrDefault(host)?.Value is { } known && known.Session == session?.Session ? known : null;
        if (load is { HypervisorOk: false })
        {
            return new(HostCondition.HypervisorSilent, "libvirtd does not answer its agent",
                "no new guests; those it has run on, and none is stopped or moved for it");
        }

        if (load?.Health.DiskLatency >= StorageLostAfter)
            return Storage(view, load.Health.DiskLatency.Value);
        if (Network(hearing, self, host) is { } network)
            return network;
        return view.Quarantines.GetValueOrDefault(host)?.Value is { } record
            ? new(HostCondition.Gray, record.Why, "no new guests; it keeps those it has and is not fenced for it")
            : null;
    }

    private static HostDiagnosis Storage(ClusterView view, TimeSpan latency)
    {
        var evidence = string.Create(CultureInfo.InvariantCulture, $"a small write on its disks takes {latency.TotalSeconds:0} s or more");
        var measured = view.Loads.Where(l => view.OnlineSession(l.Key)?.Session == l.Value.Value.Session)
            .Select(l => l.Value.Value.Health.DiskLatency).OfType<TimeSpan>().ToArray();
        return measured.Length > 1 && Array.TrueForAll(measured, other => other >= StorageLostAfter)
            ? new(HostCondition.StorageLostEverywhere, $"{evidence}, as on all other hosts",
                "nothing: no host could run the guests any better; nobody is fenced and nothing is moved")
            : new(HostCondition.StorageLost, $"{evidence}; other hosts are not as slow",
                "no new guests after a minute; its guests wait for the storage, and none is moved without a proof that they write no more");
    }

    // A network on which no peer at all is heard is down here, not there.
    private static HostDiagnosis? Network(Hearing hearing, HostId self, HostId host)
    {
        var quiet = hearing.Report.Quiet;
        if (quiet.IsEmpty)
            return null;
        var heard = hearing.Report.Peers.Count(p => p.Session is not null);
        foreach (var network in quiet.Select(q => q.Network).Distinct())
        {
            var everybody = heard > 1 && quiet.Count(q => q.Network == network) >= heard;
            if (host == self ? everybody : !everybody && quiet.Contains(new QuietNetwork(host, network)))
            {
                return new(HostCondition.NetworkDown,
                    host == self ? $"nobody is heard over its network {network + 1}" : $"it is not heard over network {network + 1}",
                    "nothing: another network carries its beacons");
            }
        }

        return null;
    }

    private static string Proofs(ClusterView view, HostSession session) =>
        view.Fences.GetValueOrDefault(session)?.Value is { } fence
            ? string.Join("; ", fence.Proofs.Select(p => $"{p.Kind}: {p.Evidence}"))
            : "no record of the proof is left";
}
