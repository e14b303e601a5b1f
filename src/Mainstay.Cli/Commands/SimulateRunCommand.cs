using System.CommandLine;
using System.Text;
using System.Text.Json;
using Mainstay.Cli.Shell;
using Mainstay.Simulator;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay simulate run</c>: runs scenarios on the production core in virtual time.</summary>
internal sealed class SimulateRunCommand : CliCommand
{
    /// <summary>A larger file is not a scenario, bytes.</summary>
    private const int MaxFile = 1 << 20;

    private readonly Argument<string[]> files = new("FILE") { Description = "A scenario.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<ulong?> seed = new("--seed") { Description = "Use this seed instead of the file's.", HelpName = "NUMBER" };

    private readonly Option<bool> exact = new("--exact")
    {
        Description = "Leave out nothing that changes nothing: slower, the same facts.",
    };

    public SimulateRunCommand(Terminal terminal)
        : base(
            terminal,
            "run",
            "Run scenarios on the production core in virtual time, always with the safety checkers. One file: the timeline, live. "
            + "Several: a verdict each. Exit code 1: a rule broke or an expectation was missed; 2: a file could not be read.",
            limit: null)
    {
        Arguments.Add(files);
        Options.Add(seed);
        Options.Add(exact);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay simulate run power-lost.scenario", "Tell the story of one scenario."),
        new("mainstay simulate run *.scenario", "A verdict for each."),
        new("mainstay simulate run --json power-lost.scenario", "The end state and all facts, for programs."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var paths = call.Parsed.GetRequiredValue(files);
        var results = new List<ScenarioResult>();
        var live = paths.Length == 1 && !call.Json;
        foreach (var path in paths)
        {
            cancel.ThrowIfCancellationRequested();
            var (text, wrong) = Read(path);
            if (text is null)
                return Task.FromResult(call.Fail(CliFailure.Usage(wrong)));
            var options = (call.Parsed.GetValue(exact) ? ScenarioOptions.Exact : new ScenarioOptions()) with
            {
                Seed = call.Parsed.GetValue(seed),
                OnFact = live ? fact => call.Out.WriteLine(fact) : null,
            };
            var result = ScenarioRunner.Run(text, path, options);
            results.Add(result);
            if (!call.Json)
                Show(call, path, result, live);
        }

        if (call.Json)
            call.Out.WriteLine(results.Count == 1 ? results[0].ToJson() : Together(results));
        else if (!live)
            call.Out.WriteLine($"{results.Count(result => result.Passed)} passed, {results.Count(result => !result.Passed)} failed");
        return Task.FromResult(results.Max(result => result.ExitCode));
    }

    private static void Show(Call call, string path, ScenarioResult result, bool live)
    {
        if (result.Error is not null)
            call.Terminal.Error.WriteLine($"mainstay: {result.Error}");
        else if (live)
            call.Out.Write("\n" + result.Verdict());
        else
            call.Out.Write($"{path}: {(result.Passed ? "" : "\n")}{result.Verdict()}");
    }

    private static (string? Text, string Wrong) Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaxFile }
                ? (null, $"{path}: larger than 1 MiB, so it is hardly a scenario. Name the right file.")
                : (File.ReadAllText(path), "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"{path}: cannot be read: {error.Message}");
        }
    }

    private static string Together(List<ScenarioResult> results)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("passed", results.Count(result => result.Passed));
            json.WriteNumber("failed", results.Count(result => !result.Passed));
            json.WriteStartArray("scenarios");
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteString("file", result.File);
                json.WriteBoolean("passed", result.Passed);
                json.WritePropertyName("result");
                json.WriteRawValue(result.ToJson());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
