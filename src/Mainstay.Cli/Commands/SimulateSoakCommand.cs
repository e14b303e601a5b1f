using System.CommandLine;
using System.Threading.Channels;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Simulator;
using static System.FormattableString;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay simulate soak</c>: many hours of clusters under all faults.</summary>
internal sealed class SimulateSoakCommand : CliCommand
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    private readonly Option<double> hours = new("--hours")
    {
        Description = "How many hours of clusters, together; one cluster lives for about four.", HelpName = "N", Required = true,
    };

    private readonly Option<ulong> from = new("--from")
    {
        Description = "The first seed; each seed is one cluster [default: 1].", HelpName = "SEED", DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> jobs = new("--jobs")
    {
        Description = "How many clusters at the same time [default: as many as there are cores].", HelpName = "J",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<bool> exact = new("--exact")
    {
        Description = "Leave out nothing that changes nothing: slower, the same facts.",
    };

    public SimulateSoakCommand(Terminal terminal)
        : base(
            terminal,
            "soak",
            "Run clusters for hours under recurring faults of all kinds, healed and checked for convergence in between, with safety "
            + "checkers over what really ran. Ctrl-C ends it with the report of what was done. Exit code 1: a rule broke.",
            limit: null)
    {
        Options.Add(hours);
        Options.Add(from);
        Options.Add(jobs);
        Options.Add(exact);
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 10_000_000))
                result.AddError("--hours: write a number above 0, at most 10000000");
        });
        jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= 256))
                result.AddError("--jobs: write a number from 1 to 256");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay simulate soak --hours 1000", "A thousand hours."),
        new("mainstay simulate soak --hours 1 --from 4711", "One cluster again, with its timeline."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var began = call.Terminal.Time.GetTimestamp();
        var (wanted, first) = (call.Parsed.GetValue(hours), call.Parsed.GetValue(from));
        var seeds = (long)Math.Ceiling(wanted / Soak.Life.TotalHours);
        var several = (int)Math.Min(seeds, call.Parsed.GetValue(jobs));
        var tally = new SoakTally();
        var lives = Channel.CreateBounded<SoakLife>(several);
        var next = -1L;
        var workers = Task.WhenAll(Enumerable.Range(0, several).Select(_ => Task.Run(Work, CancellationToken.None)));
        var closing = workers.ContinueWith(
            done => lives.Writer.Complete(done.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var told = began;
        await foreach (var life in lives.Reader.ReadAllAsync(CancellationToken.None))
        {
            tally.Add(life);
            Tell(call, life);
            if (call.Terminal.Time.GetElapsedTime(told) < ProgressEvery)
                continue;
            told = call.Terminal.Time.GetTimestamp();
            call.Progress(SoakText.Progress(tally, seeds, call.Terminal.Time.GetElapsedTime(began)));
        }

        await workers;
        await closing;
        var report = SoakReport.Of(tally, wanted, first, several, call.Terminal.Time.GetElapsedTime(began));
        if (call.Json)
            call.Print(report, CliJson.Default.SoakReport);
        else
            SoakText.Write(call.Out, report);
        return tally.Findings.Count > 0 ? ExitCode.Refused : tally.Lives < seeds ? ExitCode.Interrupted : ExitCode.Done;

        // A life that was begun is finished, so that the seeds that were run have no gaps.
        async Task Work()
        {
            while (!cancel.IsCancellationRequested && Interlocked.Increment(ref next) is var place && place < seeds)
                await lives.Writer.WriteAsync(Live(call, first + (ulong)place, seeds == 1, cancel), CancellationToken.None);
        }
    }

    private SoakLife Live(Call call, ulong seed, bool alone, CancellationToken cancel)
    {
        var ended = false;
        try
        {
            var options = (call.Parsed.GetValue(exact) ? ScenarioOptions.Exact : new ScenarioOptions()) with
            {
                OnFact = alone && !call.Json ? fact => call.Out.WriteLine(fact) : null,
            };
            var life = Soak.Run(seed, options, cancel);
            ended = true;
            return life;
        }
        finally
        {
            // An exception out of the simulator is a defect like a broken rule: its seed must not be lost.
            if (!ended)
                call.Progress(Invariant($"Seed {seed} broke the simulator. Again: mainstay simulate soak --hours 1 --from {seed}"));
        }
    }

    private static void Tell(Call call, SoakLife life)
    {
        if (life.Scenario is null)
            return;
        call.Progress(Invariant($"Seed {life.Seed} FAILED:"));
        call.Terminal.Error.Write($"{life.Result.Error}{life.Result.Verdict()}again: {life.Replay}\n\n{life.Scenario}\n");
    }
}
