using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Simulator.Checks;
using Mainstay.Core.Times;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What a scenario can expect. A test returns null when it holds, else what is instead.</summary>
internal static class Conditions
{
    public static readonly Condition[] All =
    [
        new("GUEST runs on HOSTS", "It executes, on one of these hosts.", (run, w) =>
        {
            var guest = run.Guest(w.Guests[0]);
            var hosts = w.HostLists[0].Select(run.Host).ToList();
            return guest.Executions.Count == 1 && hosts.Contains(guest.Executions[0].Host) ? null : Whereabouts(run, guest);
        }),
        new("GUEST runs", "It executes somewhere.", (run, w) =>
            run.Guest(w.Guests[0]) is var guest && guest.Executions.Count == 1 ? null : Whereabouts(run, guest)),
        new("GUEST runs nowhere", "It does not execute.", (run, w) =>
            run.Guest(w.Guests[0]) is var guest && guest.Executions.Count == 0 ? null : Whereabouts(run, guest)),
        new("GUEST writes on HOSTS", "It executes on one of these hosts, and nowhere else can it write.", (run, w) =>
        {
            var writers = run.Guest(w.Guests[0]).Executions.FindAll(StorageTruth.CanWrite(run.World));
            return writers.Count == 1 && w.HostLists[0].Select(run.Host).Contains(writers[0].Host) ? null : Writers(run, w);
        }),
        new("GUEST writes nowhere", "Wherever it executes, it cannot write.", (run, w) =>
            run.Guest(w.Guests[0]).Executions.Exists(StorageTruth.CanWrite(run.World)) ? Writers(run, w) : null),
        new("host HOST is cut off from STORAGE", "It cannot write there.", (run, w) =>
            run.World.StorageOf(w.Storages[0]).IsCutOff(run.Host(w.Hosts[0])) ? null : "it has access"),
        new("host HOST has access to STORAGE", "It can write there.", (run, w) =>
            run.World.StorageOf(w.Storages[0]).IsCutOff(run.Host(w.Hosts[0])) ? "it is cut off" : null),
        new("GUEST stays on HOST", "It executes there and has done so since the start without a break.", (run, w) =>
        {
            var guest = run.Guest(w.Guests[0]);
            if (guest.Executions.Count != 1 || guest.Executions[0].Host != run.Host(w.Hosts[0]))
                return Whereabouts(run, guest);
            return guest.Executions[0].Since <= run.World.Zero ? null : $"it was started again at {At(run, guest.Executions[0].Since)}";
        }),
        new("all guests run", "Every protected guest that is to run executes.", (run, _) =>
            Array.Find(run.World.Guests, guest => ToRun(run, guest) && guest.Executions.Count != 1) is { } guest
                ? $"{guest.Id}: {Whereabouts(run, guest)}" : null),
        new("GUEST epoch NUMBER", "Its owner has this epoch.", (run, w) =>
        {
            var own = GroundTruth.Ownership(run.World, new GroupId(w.Guests[0]));
            return own?.Epoch.Number == w.Numbers[0] ? null : own is null ? "it has no owner" : $"the epoch is {own.Epoch}";
        }),
        new("GUEST is GUESTSTATE", "Its state as in the end state.", (run, w) => GuestState(run, w)),
        new("state GUEST GUESTSTATE", "The same.", (run, w) => GuestState(run, w)),
        new("host HOST is HOSTSTATE", "Its state as in the end state.", (run, w) => HostState(run, w)),
        new("host HOST HOSTSTATE", "The same.", (run, w) => HostState(run, w)),
        new("host HOST runs nothing", "No guest executes there.", (run, w) =>
        {
            var active = run.Host(w.Hosts[0]).Hypervisor.Active.Select(domain => domain.Guest.Id.Name).ToList();
            return active.Count == 0 ? null : $"it runs {string.Join(", ", active)}";
        }),
        new("host HOST has power", "It is powered on.", (run, w) => run.Host(w.Hosts[0]).PoweredOn ? null : "it is powered off"),
        new("host HOST has no power", "It is powered off.", (run, w) => run.Host(w.Hosts[0]).PoweredOn ? "it is powered on" : null),
        new("host HOST was reset NUMBER times", "By its watchdog, since it exists.", (run, w) =>
            run.Host(w.Hosts[0]).Resets is var resets && resets == w.Numbers[0] ? null : $"it was reset {resets} times"),
        new("GUEST was paused", "Its beacon has paused it, and it runs again since.", (run, w) =>
            run.Guest(w.Guests[0]) is { Executions: [{ Paused: false } only] } && only.PausedFor(run.World.Now) > TimeSpan.Zero
                ? null : Paused(run, w)),
        new("GUEST was paused within TIME", "The same, for no longer than this in all; zero when it never was.", (run, w) =>
            run.Guest(w.Guests[0]) is { Executions: [{ Paused: false } only] } && only.PausedFor(run.World.Now) <= w.Times[0]
                ? null : Paused(run, w)),
        new("GUEST is paused", "Its beacon has paused it.", (run, w) =>
            run.Guest(w.Guests[0]) is { Executions: [{ Paused: true }] } ? null : Paused(run, w)),
        .. OrderConditions.All,
        new("host HOST is quarantined", "It gets no new guests.", (run, w) =>
            GroundTruth.InQuarantine(run.World, run.Host(w.Hosts[0]).Id) ? null : "it is not"),
        new("host HOST is not quarantined", "It may be given guests.", (run, w) =>
            GroundTruth.InQuarantine(run.World, run.Host(w.Hosts[0]).Id) ? "it is" : null),
        new("host HOST sees writes fail", "Its agent says that the store takes no writes.", (run, w) =>
            run.Host(w.Hosts[0]).Agent.WriteFault is null ? "it does not" : null),
        new("host HOST sees no writes fail", "It does not.", (run, w) => run.Host(w.Hosts[0]).Agent.WriteFault),
        new("fact FACT FIELDS", "An agent reported such a fact since the start.", (run, w) =>
            run.Facts(w.Texts[0], w.Fields).Any() ? null : Reported(run, w)),
        new("no fact FACT FIELDS", "No agent has reported such a fact since the start.", (run, w) =>
            run.Facts(w.Texts[0], w.Fields).FirstOrDefault() is { } fact ? $"there is one: {fact.ToString().Trim()}" : null),
        new("NUMBER facts FACT FIELDS", "So many such facts were reported since the start.", (run, w) =>
            run.Facts(w.Texts[0], w.Fields).Count() is var count && count == w.Numbers[0] ? null : $"there are {count}"),
        new("GUEST was measured within TIME", "How long its last recovery took was measured, and is no further from the truth than this.",
            (run, w) => run.World.Checks.Recoveries.Error(new GroupId(w.Guests[0])) switch
            {
                null => "not all of it was measured",
                { } error when error > w.Times[0] => $"it is {Values.Text(error)} from what happened",
                _ => null,
            }),
        new("GUEST was ready after TIME", "Its agent answered so long after it ran, or up to three seconds later, and that was measured.",
            (run, w) => run.World.Etcd.Value(new StoreKey.Recovery(new GroupId(w.Guests[0])))
                is not RecoveryTimes { Last.IsEmpty: false } times || times.Last[^1].Parts.Ready is not { } ready ? "it was not measured"
                : ready >= w.Times[0] && ready <= w.Times[0] + TimeSpan.FromSeconds(3) ? null : $"after {Values.Text(ready)}"),
        new("the store has times of GUEST", "How long its recoveries took is kept.", (run, w) =>
            run.World.Etcd.Value(new StoreKey.Recovery(new GroupId(w.Guests[0]))) is null ? "it has none" : null),
        new("the store has no times of GUEST", "Nothing of it is kept.", (run, w) =>
            run.World.Etcd.Value(new StoreKey.Recovery(new GroupId(w.Guests[0]))) is null ? null : "it has some"),
        new("reply accepted", "The last request was accepted.", (run, _) => Reply<AdminReply.Accepted>(run)),
        new("reply refused", "The last request was refused.", (run, _) => Reply<AdminReply.Refused>(run)),
        new("reply unknown", "The last request had no sure answer.", (run, _) => Reply<AdminReply.Unknown>(run)),
        new("reply refused TEXT", "The last request was refused, and the answer contains this.", (run, w) =>
            run.World.Requests.Last?.Reply is AdminReply.Refused refused
                && refused.Why.Contains(w.Texts[0], StringComparison.OrdinalIgnoreCase) ? null : Answer(run)),
        new("converged", "Every host that runs is online and every guest that can run does, where the store says.", (run, _) =>
            Convergence.WhatIsMissing(run.World)),
        .. CapacityVerbs.Conditions,
        .. PlacementVerbs.All,
        .. BalanceVerbs.All,
    ];

    private static bool ToRun(ScenarioRun run, SimGuest guest) =>
        GroundTruth.Spec(run.World, guest.Id) is { Desired: DesiredState.Running };

    private static string Whereabouts(ScenarioRun run, SimGuest guest)
    {
        if (guest.Executions.Count > 0)
            return $"it runs on {string.Join(" and ", guest.Executions.Select(execution => execution.Host.Id))}";
        var own = GroundTruth.Ownership(run.World, guest.Id);
        return own is null ? "it runs nowhere and has no owner"
            : $"it runs nowhere; the store says {own.Phase.Name}, epoch {own.Epoch} ({own.Why})";
    }

    private static string Writers(ScenarioRun run, Words w)
    {
        var guest = run.Guest(w.Guests[0]);
        var writers = guest.Executions.FindAll(StorageTruth.CanWrite(run.World)).Select(execution => execution.Host.Id).ToList();
        return writers.Count == 0 ? $"it writes nowhere; {Whereabouts(run, guest)}" : $"it writes on {string.Join(" and ", writers)}";
    }

    private static string Paused(ScenarioRun run, Words w)
    {
        var guest = run.Guest(w.Guests[0]);
        return guest.Executions.Count != 1
            ? Whereabouts(run, guest)
            : $"it was paused for {Values.Text(guest.Executions[0].PausedFor(run.World.Now))}"
                + (guest.Executions[0].Paused ? " and still is" : "");
    }

    private static string? GuestState(ScenarioRun run, Words w) =>
        GroundTruth.GuestState(run.World, run.Guest(w.Guests[0])) is var state && state == w.Texts[0] ? null : $"it is {state}";

    private static string? HostState(ScenarioRun run, Words w) =>
        GroundTruth.HostState(run.World, run.Host(w.Hosts[0])) is var state && state == w.Texts[0] ? null : $"it is {state}";

    private static string Reported(ScenarioRun run, Words w)
    {
        var same = run.Facts(w.Texts[0], []).Select(fact => fact.ToString().Trim()).ToList();
        return same.Count == 0 ? $"no {w.Texts[0]} was reported" : $"only {string.Join("; ", same)}";
    }

    private static string? Reply<T>(ScenarioRun run)
        where T : AdminReply => run.World.Requests.Last?.Reply is T ? null : Answer(run);

    private static string Answer(ScenarioRun run) => run.World.Requests.Last?.Reply?.ToString() ?? "there is no answer";

    private static string At(ScenarioRun run, TimeSpan absolute) => Values.Text(absolute - (run.World.Zero ?? TimeSpan.Zero));
}
