using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Agent.Api;

/// <summary>Why a guest is where it is, from the ownership, the kept decision and the journals.</summary>
internal sealed class Explainer(ClusterMember member, EventFeed events)
{
    private const int HistoryLength = 30;

    public async Task<ExplainReply> Explain(string name, string? on, StatusReply status, CancellationToken cancel)
    {
        var (group, view) = (new GroupId(name), member.Shell.Sight.View);
        var guest = status.Guests.FirstOrDefault(g => g.Name == name)
            ?? throw new AgentException(
                $"no guest named {name} is protected; protected are: {string.Join(", ", view.Groups.Keys.Take(20))}");
        var question = new PlacementQuestion(view, HostFault);
        if (on is not null && !view.Hosts.ContainsKey(new HostId(on)))
            throw new AgentException($"there is no host named {on}; hosts: {string.Join(", ", view.Hosts.Keys)}");
        var own = view.Ownerships.GetValueOrDefault(group)?.Value;
        var query = new EventQuery(HistoryLength, Follow: false, name, Host: null, After: 0);
        var history = await events.Gather(query, cancel).ConfigureAwait(false);
        return new ExplainReply
        {
            Guest = guest,
            Why = own?.Why ?? "it has no ownership record",
            Decision = view.Decisions.GetValueOrDefault(group)?.Value is { } decision ? Decision(decision) : null,
            Failures = [.. (own?.Failures ?? []).Select(f => new ExplainedFailure { Host = f.Host.Name, Error = f.Error })],
            Proofs = own is not null && OwnerOf(own) is { } owner ? ProofList.Of(view, owner) : [],
            On = on is null ? null : Place(question, group, new HostId(on)),
            IfLost = own is null ? null : Decision(question.IfLost(group)),
            Outlook = [Outlook(guest)],
            Recoveries = RecoveryList.Explained(view, group, history),
            History = history,
        };
    }

    private string? HostFault(HostId host)
    {
        var sight = member.Shell.Sight;
        return host != member.Self && sight.Hearing.IsSilent(host, sight.View.Timing.SuspectAfter, member.Shell.Now)
            ? "it is silent"
            : null;
    }

    private static ExplainedPlace Place(PlacementQuestion question, GroupId group, HostId host)
    {
        var why = question.WhyNot(group, host);
        return new ExplainedPlace
        {
            Host = host.Name, Possible = why.IsEmpty, Reasons = [.. why], Unknown = [.. question.Unknown(group, host)],
        };
    }

    private static HostSession? OwnerOf(OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Claimed p => p.Owner,
        OwnershipPhase.Releasing p => p.Owner,
        OwnershipPhase.Migrating p => p.Owner,
        OwnershipPhase.Free or OwnershipPhase.Assigned or OwnershipPhase.Blocked => null,
    };

    private static ExplainedDecision Decision(PlacementDecision decision) => new()
    {
        Epoch = decision.Epoch.Number,
        Chosen = decision.Chosen?.Name,
        Because = decision.Because,
        Considered =
        [
            .. decision.Considered.OrderBy(c => c.Rejected is not null).ThenByDescending(c => c.Score)
                .Select(c => new ExplainedHost
                {
                    Host = c.Host.Name,
                    Score = c.Score,
                    Rejected = c.Rejected,
                    Parts = [.. c.Parts.Select(part => new ExplainedPart { Name = part.Name, Points = part.Points })],
                }),
        ],
    };

    private static string Outlook(GuestStatus guest) => guest.Standing switch
    {
        StandingKind.Protected =>
            $"If {guest.Host} is lost, {guest.Name} is started on another host: there is room, and its death can be proved.",
        StandingKind.AtRisk => $"If {guest.Host ?? "its host"} is lost, {guest.Name} may stay down: {guest.Because}.",
        StandingKind.NotProtected => $"{guest.Name} is not restarted by the cluster: {guest.Because}.",
    };
}
