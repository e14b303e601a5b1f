using Mainstay.Core.Capacity;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.Language;

/// <summary>Room that is kept for losses: what may be asked, and what can be expected of it.</summary>
internal static class CapacityVerbs
{
    public static readonly Verb[] Requests =
    [
        ClusterVerbs.Request("capacity for NUMBER losses", "Keep room for the loss of so many hosts, one after the other; 0: for none.",
            (_, w) => new AdminRequest.SetCapacity(w.Numbers[0], null)),
        ClusterVerbs.Request("capacity for any TEXT", "Keep room for the loss of any one failure domain of this kind.",
            (_, w) => new AdminRequest.SetCapacity(null, [w.Texts[0]])),
        ClusterVerbs.Request("capacity for no domain", "Keep none for failure domains.", (_, _) => new AdminRequest.SetCapacity(null, [])),
        ClusterVerbs.Request("protect GUEST anyway TEXT", "Adopt it, although it takes room that is kept for a loss, with the reason.",
            (_, w) => new AdminRequest.Protect(new GroupId(w.Guests[0]), GuestShutdownPolicy.StayDown) { Override = w.Texts[0] }),
        ClusterVerbs.Request("start GUEST anyway TEXT", "Run it, although it takes room that is kept for a loss, with the reason.",
            (_, w) => new AdminRequest.Start(new GroupId(w.Guests[0]), null) { Override = w.Texts[0] }),
        ClusterVerbs.Request("move GUEST to HOST anyway TEXT", "The same for a move.", (run, w) =>
            new AdminRequest.Move(new GroupId(w.Guests[0]), run.Host(w.Hosts[0]).Id) { Override = w.Texts[0] }),
        ClusterVerbs.Request("maintenance HOST on anyway TEXT", "The same for maintenance.", (run, w) =>
            new AdminRequest.SetMaintenance(run.Host(w.Hosts[0]).Id, true) { Override = w.Texts[0] }),
    ];

    public static readonly Condition[] Conditions =
    [
        new("capacity is green", "Every loss that is to be survived has a plan that gives every guest a place.", (run, _) =>
            Stands(run, CapacityStanding.Green)),
        new("capacity is amber", "Not proven, or there are not hosts enough to lose so many.", (run, _) =>
            Stands(run, CapacityStanding.Amber)),
        new("capacity is red", "A loss that is to be survived would leave guests without a place.", (run, _) =>
            Stands(run, CapacityStanding.Red)),
        new("what-if HOST fails GUEST starts on HOSTS", "It would, by the decision that would be taken.", (run, w) =>
            Plan(run, w).Starts.LastOrDefault(start => start.Group.Name == w.Guests[0]) is not { } found ? "it would start nowhere"
            : w.HostLists[0].Any(host => run.Host(host).Id == found.To) ? null : $"it would start on {found.To}"),
        new("what-if HOST fails GUEST has no place", "It would wait for room.", (run, w) =>
            Plan(run, w).Stranded.Any(guest => guest.Group.Name == w.Guests[0]) ? null : "it would have one"),
        new("what-if HOST fails nobody is without a place", "All would start elsewhere.", (run, w) =>
            Plan(run, w).Stranded is { IsEmpty: false } stranded
                ? string.Join("; ", stranded.Select(guest => $"{guest.Group}: {guest.Why}"))
                : null),
    ];

    private static ClusterView View(ScenarioRun run)
    {
        var entries = run.World.Etcd.Snapshot(out var revision);
        return ClusterView.Empty.Reload(entries, revision);
    }

    private static string? Stands(ScenarioRun run, CapacityStanding wanted)
    {
        var board = CapacityBoard.Of(View(run), _ => null);
        return board.Standing == wanted ? null : $"it is {board.Standing.ToString().ToLowerInvariant()}: {board.Why}";
    }

    private static LossPlan Plan(ScenarioRun run, Words words) =>
        WhatIf.Of(View(run), _ => null, new WhatIfCase.Fail([run.Host(words.Hosts[0]).Id])).Plan;
}
