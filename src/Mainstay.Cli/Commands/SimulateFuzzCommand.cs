using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Simulator;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay simulate fuzz</c>: random clusters under random faults.</summary>
internal sealed class SimulateFuzzCommand : CliCommand
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    private readonly Option<int> seeds = new("--seeds") { Description = "How many seeds.", HelpName = "N", Required = true };
    private readonly Option<ulong> from = new("--from")
    {
        Description = "The first seed [default: 1].", HelpName = "K", DefaultValueFactory = _ => 1,
    };

    private readonly Option<string?> save = new("--save")
    {
        Description = "Write the scenario of each failure into this directory, as seed-K.txt.", HelpName = "DIR",
    };

    public SimulateFuzzCommand(Terminal terminal)
        : base(
            terminal,
            "fuzz",
            "Run random clusters under random faults, with safety checkers over what really ran. A failure prints its seed, a shortened "
            + "scenario, and the command that shows it again.",
            limit: null)
    {
        Options.Add(seeds);
        Options.Add(from);
        Options.Add(save);
        seeds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--seeds: write a number from 1 on");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay simulate fuzz --seeds 1000", "A thousand clusters."),
        new("mainstay simulate fuzz --seeds 1 --from 4711", "One seed again, with its timeline."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var count = call.Parsed.GetValue(seeds);
        var first = call.Parsed.GetValue(from);
        var result = Fuzz(call, count, first, cancel);
        cancel.ThrowIfCancellationRequested();
        if (call.Parsed.GetValue(save) is { } directory && Save(result, directory) is { } wrong)
            return Task.FromResult(call.Fail(CliFailure.Usage(wrong)));
        if (call.Json)
            call.Print(FuzzReport.Of(result, first), CliJson.Default.FuzzReport);
        else
            Show(call, result);
        return Task.FromResult(result.ExitCode);
    }

    private static FuzzResult Fuzz(Call call, int count, ulong first, CancellationToken cancel)
    {
        var clock = call.Terminal.Time;
        var told = clock.GetTimestamp();
        var next = first;
        var ended = false;
        var options = new ScenarioOptions { OnFact = count == 1 && !call.Json ? fact => call.Out.WriteLine(fact) : null };
        try
        {
            var result = Fuzzer.Run(count, first, Tell, options, clock, cancel);
            ended = true;
            return result;
        }
        finally
        {
            // An exception out of the core is a defect like a broken rule: its seed must not be lost.
            if (!ended)
                call.Progress(string.Create(CultureInfo.InvariantCulture, $"Seed {next} broke the core. Again: mainstay simulate fuzz --seeds 1 --from {next}"));
        }

        void Tell(FuzzProgress progress)
        {
            next = progress.Seed + 1;
            if (!progress.Result.Passed)
                call.Progress(string.Create(CultureInfo.InvariantCulture, $"Seed {progress.Seed} FAILED."));
            if (clock.GetElapsedTime(told) < ProgressEvery)
                return;
            told = clock.GetTimestamp();
            call.Progress(string.Create(CultureInfo.InvariantCulture, $"{progress.Done} of {progress.Seeds} seeds …"));
        }
    }

    private static string? Save(FuzzResult result, string directory)
    {
        try
        {
            foreach (var failure in result.Failures)
            {
                Directory.CreateDirectory(directory);
                File.WriteAllText(
                    Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"seed-{failure.Seed}.txt")), failure.Scenario);
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"--save {directory}: cannot be written: {error.Message}";
        }
    }

    private static void Show(Call call, FuzzResult result)
    {
        foreach (var failure in result.Failures)
        {
            call.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {failure.Seed}:"));
            call.Out.Write(failure.Result.Verdict());
            call.Out.WriteLine($"again: {failure.Replay}\n\n{failure.Scenario}");
        }

        call.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Seeds - result.Failures.Count} of {result.Seeds} seeds passed; {result.VirtualSeconds:0} virtual seconds in "
            + $"{result.Elapsed.TotalSeconds:0.0} s, {result.VirtualSecondsPerSecond:0} × real time"));
    }
}
