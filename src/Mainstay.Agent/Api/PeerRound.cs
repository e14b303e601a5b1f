using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Agent.Api;

/// <summary>Asks all agents at once what they see of their own hosts.</summary>
internal sealed class PeerRound(ClusterMember member, string version)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LocalLimit = TimeSpan.FromMilliseconds(1500);

    /// <summary>One answer per member, this one included. Hosts that are proved dead are not asked.</summary>
    public async Task<IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>>> Ask(CancellationToken cancel)
    {
        var asked = new Dictionary<HostId, Task<PeerAnswer<LocalReply>>> { [member.Self] = Own(cancel) };
        foreach (var (host, config) in member.Others.Where(o => IsWorthAsking(o.Key)))
            asked[host] = member.Peers.Get(config, ApiPaths.Local, ApiJson.Default.LocalReply, Limit, cancel);
        var answers = new Dictionary<HostId, PeerAnswer<LocalReply>>();
        foreach (var (host, task) in asked)
            answers[host] = await task.ConfigureAwait(false);
        return answers;
    }

    public async Task<LocalReply> Local(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(LocalLimit);
        var seen = await List(limit.Token, cancel).ConfigureAwait(false);
        return new LocalReply
        {
            Host = member.Self.Name,
            Version = version,
            HypervisorOk = seen is Observed<GuestInventory>.Known,
            HypervisorWhy = seen is Observed<GuestInventory>.Unknown unknown ? unknown.Why : null,
            Guests = seen is Observed<GuestInventory>.Known known ? [.. known.Value.Guests.Select(Guest)] : [],
            Waiting = member.Shell.Sight.WaitingStarts.ToDictionary(wait => wait.Key.Name, wait => wait.Value, StringComparer.Ordinal),
            FenceTests = member.Tests.Results,
            CertificateWarnings = [.. member.CertificateWarnings()],
            StoreNotUnderstood = member.Shell.Sight.View.Unreadable,
            JournalFault = member.Journal.Fault,
            Loop = CheckBuilder.Told(member.Shell.Sight.Hearing.Report.Loop),
            WatchdogSeconds = member.Shell.Sight.Hearing.Report.Lease.Watchdog?.TotalSeconds,
            OldestLeaseSeconds = member.Shell.Sight.Hearing.Report.OldestLease?.TotalSeconds,
            Watchdog = member.Watchdog.Read(member.Shell.Sight.Hearing.Report.Lease.Watchdog) with
            {
                UnfedSeconds = member.Measuring.Unfed?.TotalSeconds,
                Failed = member.Measuring.Failed,
            },
            SleptSeconds = member.Shell.Sight.Hearing.Report.Slept?.TotalSeconds,
            Clocks = [.. member.Shell.Sight.Hearing.Report.Clocks.Select(Told)],
            Storage = StorageWords.Told(member.StorageSight.Read()),
            Unfed = [.. member.Shell.Sight.Hearing.Report.Unfed.Select(Heard)],
        };
    }

    private static PeerClock Told(ClockReading clock) =>
        new() { Host = clock.Peer.Name, Ppm = clock.Ppm, OverSeconds = clock.Over.TotalSeconds };

    private static UnfedHeard Heard(HeardUnfed one) => new()
    {
        Host = one.Host.Name,
        Session = one.Session.ToString(),
        LastSeconds = one.Last.TotalSeconds,
        Beacons = one.Beacons,
        GapSeconds = one.Gap.TotalSeconds,
    };

    private static LocalGuest Guest(GuestObservation guest) => new()
    {
        Name = guest.Guest.Name,
        Uuid = guest.Uuid,
        State = guest.State switch
        {
            GuestRunState.Running => "running",
            GuestRunState.Paused => "paused",
            GuestRunState.Stopped => "stopped",
        },
    };

    private bool IsWorthAsking(HostId host) =>
        member.Shell.Sight.View.Sessions.GetValueOrDefault(host)?.Value.State is not (SessionState.Fenced or SessionState.Left);

    private async Task<PeerAnswer<LocalReply>> Own(CancellationToken cancel) =>
        new PeerAnswer<LocalReply>.Answered(await Local(cancel).ConfigureAwait(false));

    private async Task<Observed<GuestInventory>> List(CancellationToken limit, CancellationToken cancel)
    {
        try
        {
            return await member.Hypervisor.List(limit).WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Observed<GuestInventory>.Unknown($"libvirt did not answer within {LocalLimit.TotalSeconds:0.#} s");
        }
    }
}
