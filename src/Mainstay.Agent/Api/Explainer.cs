using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;

namespace Mainstay.Agent.Api;

/// <summary>Why a guest is where it is, from the ownership, the kept decision and the journals.</summary>
internal sealed class Explainer(ClusterMember member, EventFeed events)
{
    private const int HistoryLength = 30;

    public async Task<ExplainReply> Explain(string name, StatusReply status, CancellationToken cancel)
    {
        var (group, view) = (new GroupId(name), member.Shell.Sight.View);
        var guest = status.Guests.FirstOrDefault(g => g.Name == name)
            ?? throw new AgentException(
                $"no guest named {name} is protected; protected are: {string.Join(", ", view.Groups.Keys.Take(20))}");
        var own = view.Ownerships.GetValueOrDefault(group)?.Value;
        var query = new EventQuery(HistoryLength, Follow: false, name, Host: null, After: 0);
        return new ExplainReply
        {
            Guest = guest,
            Why = own?.Why ?? "it has no ownership record",
            Decision = view.Decisions.GetValueOrDefault(group)?.Value is { } decision ? Decision(decision) : null,
            Order = OrderStates.Explain(guest),
            Failures = [.. (own?.Failures ?? []).Select(f => new ExplainedFailure { Host = f.Host.Name, Error = f.Error })],
            Proofs = own is not null && OwnerOf(own) is { } owner ? ProofList.Of(view, owner) : [],
            Outlook = [Outlook(guest)],
            History = await events.Gather(query, cancel).ConfigureAwait(false),
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
                .Select(c => new ExplainedHost { Host = c.Host.Name, Score = c.Score, Rejected = c.Rejected }),
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
