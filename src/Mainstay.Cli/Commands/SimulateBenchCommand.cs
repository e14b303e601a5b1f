using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Simulator;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay simulate bench</c>: how many seconds of a cluster pass in a second.</summary>
internal sealed class SimulateBenchCommand : CliCommand
{
    private readonly Option<double> seconds = new("--seconds")
    {
        Description = "How long to measure each of the two, at least [default: 3].", HelpName = "S", DefaultValueFactory = _ => 3,
    };

    public SimulateBenchCommand(Terminal terminal)
        : base(
            terminal,
            "bench",
            "Measure the simulator: virtual seconds per second of a cluster of five hosts and twenty guests, once left alone, once with a "
            + "fault every few seconds.",
            limit: null)
    {
        Options.Add(seconds);
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 600))
                result.AddError("--seconds: write a number above 0, at most 600");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay simulate bench", "About ten seconds.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        if (!call.Json)
        {
            call.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                    $"simulator: five hosts, twenty guests; {Environment.ProcessorCount} cores, load average {load}"));
        }

        var report = new SimulatorReport
        {
            Cores = Environment.ProcessorCount,
            Load1 = double.Parse(load, CultureInfo.InvariantCulture),
            Steady = Measure(call, "steady", BenchScenario.Steady, cancel),
            Faults = Measure(call, "faults", BenchScenario.Faults, cancel),
        };
        if (call.Json)
            call.Print(report, CliJson.Default.SimulatorReport);
        return Task.FromResult(report.Steady.Passed && report.Faults.Passed ? ExitCode.Done : ExitCode.Refused);
    }

    private SimulatorFigure Measure(Call call, string name, string scenario, CancellationToken cancel)
    {
        var clock = call.Terminal.Time;
        var options = new ScenarioOptions();
        // The first run is the runtime's compiler more than the simulator.
        var result = ScenarioRunner.Run(scenario, name, options);
        var began = clock.GetTimestamp();
        var virtualSeconds = 0.0;
        do
        {
            cancel.ThrowIfCancellationRequested();
            result = ScenarioRunner.Run(scenario, name, options);
            virtualSeconds += result.VirtualSeconds;
        }
        while (clock.GetElapsedTime(began).TotalSeconds < call.Parsed.GetValue(seconds));

        var took = clock.GetElapsedTime(began).TotalSeconds;
        var figure = new SimulatorFigure
        {
            VirtualSeconds = Math.Round(virtualSeconds, 1),
            Seconds = Math.Round(took, 3),
            VirtualSecondsPerSecond = Math.Round(virtualSeconds / took),
            Passed = result.Passed,
        };
        if (!call.Json)
        {
            call.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-8} {figure.VirtualSecondsPerSecond,8:0} virtual seconds per second   ({virtualSeconds:0} s in {took:0.0} s)"));
        }

        if (!result.Passed)
            call.Progress(result.Error?.ToString() ?? result.Verdict());
        return figure;
    }
}
