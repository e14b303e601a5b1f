using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Agent.Api;

/// <summary>Shows the hosts' watchdogs, and refuses to measure this one while anything depends on this host.</summary>
internal sealed class WatchdogDesk(ClusterMember member, PeerRound round)
{
    private const int LongestTimeout = 60;

    public async Task<WatchdogReply> Show(CancellationToken cancel)
    {
        var answers = await round.Ask(cancel).ConfigureAwait(false);
        return new WatchdogReply
        {
            Self = member.Self.Name,
            Hosts =
            [
                .. answers.Where(a => a.Value is PeerAnswer<LocalReply>.Answered { Value.Watchdog: not null }).OrderBy(a => a.Key)
                    .Select(a => new HostWatchdog
                    {
                        Host = a.Key.Name,
                        Watchdog = ((PeerAnswer<LocalReply>.Answered)a.Value).Value.Watchdog ?? new WatchdogStatus(),
                    }),
            ],
            Unheard =
            [
                .. member.Shell.Sight.View.Hosts.Keys.Where(h => answers.GetValueOrDefault(h) is not PeerAnswer<LocalReply>.Answered)
                    .Select(h => h.Name),
            ],
        };
    }

    public async Task<RequestReply> Measure(WatchdogMeasureRequest request, CancellationToken cancel)
    {
        if (request.Timeout is < 1 or > LongestTimeout)
            throw new MalformedException($"timeout={request.Timeout}: give 1 to {LongestTimeout} seconds");
        if ((request.Device ?? member.Watchdog.Device) is not { } device)
            return RequestReply.Refused(
                "this host has no watchdog device: load the driver of its hardware, or name the device with --device");
        if (Obstacle() is { } obstacle)
            return RequestReply.Refused(obstacle);
        var inventory = await member.Hypervisor.List(cancel).ConfigureAwait(false);
        var left = inventory switch
        {
            Observed<GuestInventory>.Known { Value.Guests: var all }
                => all.Where(g => g.State != GuestRunState.Stopped).Select(g => g.Guest.Name).ToArray() is { Length: > 0 } running
                    ? $"guests run on this host: {string.Join(", ", running)}" : null,
            Observed<GuestInventory>.Unknown unknown => $"it is not known whether guests run on this host: {unknown.Why}",
            _ => throw new InvalidOperationException("An inventory is known or unknown."),
        };
        if (left is not null)
            return RequestReply.Refused($"{left}; move them away first: mainstay maintenance {member.Self} on --drain --wait");
        if (member.Shell.Sight.Session is not { } session)
            return RequestReply.Refused("this host has no session yet; ask again in a moment");
        return await member.Measuring.Begin(session, device, request.Timeout, cancel).ConfigureAwait(false) is { } why
            ? RequestReply.Refused(why)
            : new RequestReply
            {
                Outcome = RequestOutcome.Accepted,
                Text = $"{device} is fed no more: it resets {member.Self} in about {request.Timeout} s",
            };
    }

    private string? Obstacle()
    {
        var sight = member.Shell.Sight;
        var (view, self) = (sight.View, member.Self);
        if (view.Hosts.GetValueOrDefault(self)?.Value is not { Maintenance: true })
            return $"{self} is not in maintenance; first: mainstay maintenance {self} on --drain --wait";
        var owned = view.Ownerships.Where(o => RequestDesk.OwnerOf(o.Value.Value) == self).Select(o => o.Key.Name).ToArray();
        if (owned.Length > 0)
            return $"{self} owns {string.Join(", ", owned)}; move them away first: mainstay maintenance {self} on --drain --wait";
        var within = Timing.For(view.Settings?.Value.Profile ?? TimingProfile.Balanced).SuspectAfter;
        bool Heard(HostId host) => host == self || sight.Hearing.IsHeard(host, within, member.Shell.Now);
        if (!view.Hosts.Keys.Any(h => h != self && Heard(h)))
            return "no other host is heard, and one has to witness the reset";
        return member.Keeper.Known.FaultWithout(self.Name, name => Heard(new HostId(name)));
    }
}
