using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>What a scenario can expect about the order in which guests began.</summary>
internal static class OrderConditions
{
    public static readonly Condition[] All =
    [
        new("GUEST started before GUEST", "Both execute, and the first began before the second.", (run, w) =>
            Between(run, w) is not { } gap ? Missing(run, w) : gap > TimeSpan.Zero ? null : $"it began {Values.Text(-gap)} after it"),
        new("GUEST started TIME before GUEST", "The same, by at least so much.", (run, w) =>
            Between(run, w) is not { } gap ? Missing(run, w) : gap >= w.Times[0] ? null : $"it began {Values.Text(gap)} before it"),
        new(
            "GUEST started less than TIME before GUEST",
            "Both execute, and the second began at most so much later, or earlier.",
            (run, w) => Between(run, w) is not { } gap ? Missing(run, w)
                : gap < w.Times[0] ? null : $"it began {Values.Text(gap)} before it"),
        new("GUEST ended before GUEST", "Neither executes, and the first ended before the second.", (run, w) =>
            Ended(run, w.Guests[0]) is not { } first || Ended(run, w.Guests[1]) is not { } second ? "one of them executes, or never did"
            : first < second ? null : $"it ended {Values.Text(first - second)} after it"),
        new("GUEST waits for TEXT", "It is on its host and not started yet, and its agent gives a reason that contains this.", (run, w) =>
        {
            var reasons = run.World.Hosts.Select(host => host.Agent.WhyNotStarted(run.Guest(w.Guests[0]).Id)).OfType<string>().ToList();
            return reasons.Exists(why => why.Contains(w.Texts[0], StringComparison.OrdinalIgnoreCase)) ? null
                : reasons.Count == 0 ? "it does not wait" : $"it waits: {string.Join("; ", reasons)}";
        }),
        new("at most NUMBER starts at once on HOST", "So far no more starts were under way there at the same time.", (run, w) =>
            run.Host(w.Hosts[0]).Hypervisor.MostStarts is var most && most <= w.Numbers[0] ? null : $"there were {most}"),
    ];

    private static TimeSpan? Between(ScenarioRun run, Words w) =>
        run.Guest(w.Guests[0]).Executions is [var first] && run.Guest(w.Guests[1]).Executions is [var second]
            ? second.Since - first.Since : null;

    private static string Missing(ScenarioRun run, Words w) =>
        $"{w.Guests.First(name => run.Guest(name).Executions.Count != 1)} does not execute";

    private static TimeSpan? Ended(ScenarioRun run, string name) => run.Guest(name).Executions.Count > 0
        ? null
        : run.World.Hosts.Max(host => host.Hypervisor.Domain(run.Guest(name).Id).LastEnd);
}
