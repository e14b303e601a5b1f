using Mainstay.Core.Lease;
using Mainstay.Simulator.Language;
using Mainstay.Simulator.World;

namespace Mainstay.Simulator;

/// <summary>Runs a scenario on the production core in virtual time.</summary>
public static class ScenarioRunner
{
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(10);

    /// <summary>A bad file is a result with an error, never an exception. A broken invariant of the core itself is thrown.</summary>
    public static ScenarioResult Run(string text, string fileName, ScenarioOptions options)
    {
        Scenario scenario;
        try
        {
            scenario = ScenarioParser.Parse(text, fileName);
        }
        catch (ScenarioException bad)
        {
            return new ScenarioResult { File = fileName, Error = new ScenarioError(fileName, bad.Line, bad.Message) };
        }

        return Run(scenario, options);
    }

    internal static ScenarioResult Run(Scenario scenario, ScenarioOptions options)
    {
        var start = options.Seed is { } seed ? scenario.Start with { Seed = seed } : scenario.Start;
        using var world = new VirtualWorld(start, options.Agents, options.Guards) { Protocol = options.Protocol };
        world.Trace.Listener = options.OnFact;
        world.Quiet.Allowed = options.LeavesOut && options.Guards == LeaseGuards.All;
        var run = new ScenarioRun(world);
        if (WorldSetup.BringUp(world) is { } missing)
        {
            world.Checks.Violate("L1", $"the start state was not reached: {missing}");
        }
        else
        {
            foreach (var step in scenario.Steps)
                Take(run, step);
        }

        return Result(scenario, run);
    }

    private static void Take(ScenarioRun run, Step step)
    {
        var world = run.World;
        Wait(run, step);
        switch (step)
        {
            case Step.Do act:
                run.Done[act.What] = run.Done.GetValueOrDefault(act.What) + 1;
                act.Act(run);
                break;
            case Step.Run pass:
                world.RunFor(pass.Span);
                break;
            case Step.UntilQuiet quiet:
                if (!world.RunUntil(() => Quiet(world), quiet.Limit))
                    world.Checks.Violate("L1", $"no quiet within {Values.Text(quiet.Limit)} (line {step.Line}): guests still move");
                break;
            case Step.Expect expect:
                string? instead = null;
                if (!world.RunUntil(() => (instead = expect.Condition(run)) is null, expect.Within))
                    run.Missed.Add(new MissedExpectation(world.ScenarioTime, step.Line, step.Text, instead ?? ""));
                break;
            case Step.ExpectViolation broken:
                run.ExpectedViolations.Add(broken.Rule);
                if (!world.Checks.Found.Any(violation => violation.Rule == broken.Rule))
                    run.Missed.Add(new MissedExpectation(world.ScenarioTime, step.Line, step.Text, "the rule was kept"));
                break;
        }
    }

    private static void Wait(ScenarioRun run, Step step)
    {
        var world = run.World;
        switch (step.When)
        {
            case StepTime.At at when at.Time < world.ScenarioTime:
                run.Missed.Add(new MissedExpectation(
                    world.ScenarioTime, step.Line, step.Text, $"the steps before it lasted until {Values.Text(world.ScenarioTime)}"));
                break;
            case StepTime.At at:
                world.RunUntil((world.Zero ?? TimeSpan.Zero) + at.Time);
                break;
            case StepTime.After after:
                world.RunFor(after.Time);
                break;
        }
    }

    /// <summary>For a while nothing changed hands and no guest began or ended.</summary>
    private static bool Quiet(VirtualWorld world) =>
        world.Now - world.Checks.Store.LastOwnershipChange >= QuietFor && world.Now - world.Checks.Executions.LastChange >= QuietFor;

    private static ScenarioResult Result(Scenario scenario, ScenarioRun run)
    {
        var world = run.World;
        return new ScenarioResult
        {
            File = scenario.File,
            Groups = world.Guests.OrderBy(guest => guest.Id).Select(guest => new EndGroup(
                guest.Id.Name,
                GroundTruth.GuestState(world, guest),
                guest.Executions.Count > 0 ? guest.Executions[0].Host.Id.Name : null,
                GroundTruth.Ownership(world, guest.Id)?.Epoch.Number ?? 0)).ToList(),
            Hosts = world.Hosts.OrderBy(host => host.Id)
                .Select(host => new EndHost(host.Id.Name, GroundTruth.HostState(world, host))).ToList(),
            Violations = world.Checks.Found.Where(found => !run.ExpectedViolations.Contains(found.Rule)).ToList(),
            ExpectedViolations = world.Checks.Found.Where(found => run.ExpectedViolations.Contains(found.Rule)).ToList(),
            Missed = run.Missed,
            StepsDone = run.Done,
            Facts = world.Trace.Facts,
            VirtualSeconds = world.ScenarioTime.TotalSeconds,
            FactsHash = world.Trace.Hash,
        };
    }
}
