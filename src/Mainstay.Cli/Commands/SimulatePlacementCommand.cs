using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Simulator.Bench;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay simulate placement</c>: how long decisions take in large clusters.</summary>
internal sealed class SimulatePlacementCommand : CliCommand
{
    private static readonly (int Hosts, int Guests, bool Everything, string Task, double GoalMs)[] Goals =
    [
        (64, 8_000, true, "one-loss", 10),
        (64, 8_000, true, "all-single-losses", 100),
        (64, 8_000, true, "rack-losses", 100),
        (64, 8_000, true, "cold-start", 100),
        (1_000, 100_000, false, "one-loss", 50),
        (1_000, 100_000, false, "all-single-losses", 5_000),
    ];

    private readonly Option<bool> large = new("--large") { Description = "Also a cluster of 1,000 hosts and 100,000 guests." };
    private readonly Option<int> runs = new("--runs")
    {
        Description = "How often each is done [default: 15].", HelpName = "N", DefaultValueFactory = _ => 15,
    };

    public SimulatePlacementCommand(Terminal terminal)
        : base(
            terminal,
            "placement",
            "Measure the decisions about places in a cluster of 64 hosts and 8,000 guests with four resources and rules on a tenth of the "
            + "guests: CPU time after the loss of a host, for the plans of all losses, and after a power cut of everything.",
            limit: null)
    {
        runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is not (>= 1 and <= 1000))
                result.AddError("--runs: write a number from 1 to 1000");
        });
        Options.Add(large);
        Options.Add(runs);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay simulate placement", "Some seconds."),
        new("mainstay simulate placement --large --runs 3", "With the largest cluster; a minute."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        if (!call.Json)
            call.Out.WriteLine($"placement: one thread, CPU time; {Environment.ProcessorCount} cores, load average {load}");
        var figures = new List<PlacementFigure>();
        var memory = 0.0;
        foreach (var size in Goals.Where(goal => goal.Everything || call.Parsed.GetValue(large)).GroupBy(goal => (goal.Hosts, goal.Guests)))
        {
            foreach (var task in PlacementBench.Tasks(size.Key.Hosts, size.Key.Guests, size.First().Everything))
            {
                var goal = size.First(goal => goal.Task == task.Name).GoalMs;
                figures.Add(Measure(size.Key.Hosts, size.Key.Guests, task, goal, call.Parsed.GetValue(runs), cancel));
                if (!call.Json)
                    call.Out.WriteLine(Text(figures[^1]));
            }

            memory = Math.Round(GC.GetTotalMemory(forceFullCollection: false) / 1048576.0, 1);
        }

        var report = new PlacementReport
        {
            Cores = Environment.ProcessorCount,
            Load1 = double.Parse(load, CultureInfo.InvariantCulture),
            Figures = figures,
            MemoryMiB = memory,
        };
        if (call.Json)
            call.Print(report, CliJson.Default.PlacementReport);
        else
            call.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"managed memory {memory:0} MiB"));
        return Task.FromResult(ExitCode.Done);
    }

    private static PlacementFigure Measure(int hosts, int guests, PlacementTask task, double goal, int runs, CancellationToken cancel)
    {
        // The first runs are the runtime's compiler more than the placer.
        var (placed, stranded) = (0, 0);
        for (var i = 0; i < Math.Min(runs, 5); i++)
            (placed, stranded) = task.Run();
        var times = new List<double>();
        for (var i = 0; i < runs; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var before = Environment.CpuUsage.TotalTime;
            task.Run();
            times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        times.Sort();
        return new PlacementFigure(
            hosts, guests, task.Name, placed, stranded, runs, Math.Round(times[times.Count / 2], 2), Math.Round(times[0], 2), goal);
    }

    private static string Text(PlacementFigure figure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figure.Hosts,5} hosts {figure.Guests,7} guests  {figure.Task,-18} {figure.MedianMs,9:0.00} ms (least {figure.LeastMs:0.00}, "
        + $"goal {figure.GoalMs:0})  {figure.Placed} placed, {figure.Stranded} without a place");
}
