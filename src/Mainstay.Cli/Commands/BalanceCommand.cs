using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;
using Mainstay.Core.Balance;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay balance</c>: proposes moves that even out the load of hosts, and makes them when told to.</summary>
internal sealed class BalanceCommand : CliCommand
{
    private const string Proposed = "proposed";

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what would be moved, and exit with 0." };
    private readonly Option<bool> yes = new("--yes")
    {
        Description = "Make the moves, one after the other; stop at the first that is refused or not done.",
    };

    private readonly Option<int> moves = new("--moves")
    {
        Description = $"At most so many moves, 1 to {Balancer.MostMoves} [default: {Balancer.UsualMoves}].", HelpName = "NUMBER",
        DefaultValueFactory = _ => Balancer.UsualMoves,
    };

    private readonly Option<FileInfo?> snapshot = new("--snapshot")
    {
        Description = "Ask about this file that mainstay snapshot wrote, not about the cluster as it is.", HelpName = "FILE",
    };

    private readonly Option<TimeSpan> within = Durations.Option(
        "--within",
        $"With --yes: give up waiting for one guest after this time; the cluster goes on [default: {DurationText.Type(Usual)}].");

    public BalanceCommand(Terminal terminal)
        : base(
            terminal,
            "balance",
            "Propose moves that even out how much memory and processors of the hosts are in use. Moves are cold: a guest is shut down and "
            + "started on the other host. Nothing is moved without --yes, and nothing by itself: that waits for live migration.",
            Brief)
    {
        within.DefaultValueFactory = _ => Usual;
        Options.Add(dryRun);
        Options.Add(yes);
        Options.Add(moves);
        Options.Add(snapshot);
        Options.Add(within);
        Validators.Add(result =>
        {
            if (result.GetResult(moves) is { Implicit: false }
                && result.GetValue(moves) is not (>= 1 and <= Balancer.MostMoves) and var count)
                result.AddError($"--moves: '{count}': give 1 to {Balancer.MostMoves}");
            else if (result.GetValue(yes) && (result.GetValue(dryRun) || result.GetValue(snapshot) is not null))
                result.AddError("--yes makes the moves, and --dry-run and --snapshot make none: leave one out");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay balance --dry-run", "Which guests would be moved, and what would it bring?"),
        new("mainstay balance --moves 1 --yes", "Make the best move, and return when the guest runs again."),
        new("mainstay balance --snapshot east.json", "In a cluster as it was."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (known, failure) = await SnapshotFile.Load(call, call.Parsed.GetValue(snapshot), cancel);
        if (known is null)
            return call.Fail(failure ?? CliFailure.Usage("there is no snapshot"));
        var report = Report(known, Balancer.Of(known.View, known.Unfit, call.Parsed.GetValue(moves)));
        if (report.Moves.Count > 0 && call.Parsed.GetValue(yes))
            return await Make(call, report, cancel);
        Show(call, report);
        if (report.Moves.Count == 0 || call.Parsed.GetValue(dryRun) || call.Parsed.GetValue(snapshot) is not null)
            return ExitCode.Done;
        call.Progress("mainstay: nothing was moved. Each of these guests would be shut down and started on the other host. "
            + "To do that: mainstay balance --yes");
        return ExitCode.Refused;
    }

    private static BalanceReport Report(SnapshotFile known, BalancePlan plan) => new()
    {
        Cluster = known.Reply.Cluster,
        Taken = known.Reply.Taken,
        ImbalanceBefore = plan.Before,
        ImbalanceAfter = plan.After,
        Hosts = [.. plan.Hosts.Select(h => new BalanceHost(h.Host.Name, h.MemoryBefore, h.MemoryAfter, h.CpuBefore, h.CpuAfter))],
        Moves = [.. plan.Moves.Select(m => new BalanceStep(m.Group.Name, m.From.Name, m.To.Name, m.Gain, m.Why, Proposed))],
        More = plan.More,
    };

    private async Task<int> Make(Call call, BalanceReport report, CancellationToken cancel)
    {
        var (steps, exit) = (new List<BalanceStep>(), ExitCode.Done);
        foreach (var step in report.Moves)
        {
            if (exit != ExitCode.Done)
            {
                steps.Add(step with { Outcome = "not_asked" });
                continue;
            }

            call.Progress($"{steps.Count + 1} of {report.Moves.Count}: {step.Guest} from {step.From} to {step.To}");
            var failure = await MakeOne(call, step, cancel);
            if (failure is not null)
                call.Progress($"mainstay: {failure.Text}");
            exit = failure?.Exit ?? ExitCode.Done;
            steps.Add(step with { Outcome = exit == ExitCode.Done ? "done" : exit == ExitCode.Refused ? "refused" : "unknown" });
        }

        Show(call, report with { Moves = steps });
        return exit;
    }

    // Where it runs may have changed since the snapshot: then it is not the move that was shown.
    private async Task<CliFailure?> MakeOne(Call call, BalanceStep step, CancellationToken cancel)
    {
        var before = await GuestWait.Look(call, step.Guest, call.Limit, cancel);
        if (before is null)
            return CliFailure.Unreachable($"{step.Guest}: no status was seen, so nothing was asked. See: mainstay status");
        if (before.Host != step.From || before.State != "running")
            return new CliFailure("refused", $"{GuestWait.Describe(before)}, and not running on {step.From} any more. Ask anew");
        var request = new MoveRequest { Guest = step.Guest, Host = step.To };
        var (answer, failure) = await call.Ask(ApiPaths.Move, request, ApiJson.Default.MoveRequest, cancel) switch
        {
            ApiAnswer<RequestReply>.Given given => (given.Value, (CliFailure?)null),
            ApiAnswer<RequestReply>.Failed failed => (null, failed.Failure),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
        if (answer is null)
            return failure;
        if (answer.Outcome != RequestOutcome.Accepted)
            return answer.Outcome == RequestOutcome.Refused ? new CliFailure("refused", answer.Text) : CliFailure.Late(answer.Text);
        return (await GuestWait.Until(
            call, step.Guest, GuestGoal.Moved(step.To, before.Epoch), call.Parsed.GetValue(within), cancel)).Failure;
    }

    private static void Show(Call call, BalanceReport report)
    {
        if (call.Json)
            call.Print(report, CliJson.Default.BalanceReport);
        else
            new BalanceView(call.Out, call.Ink).Write(report);
    }
}
