using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Config;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay apply</c>: makes the cluster as a configuration file says.</summary>
internal sealed class ApplyCommand : CliCommand
{
    private readonly Argument<FileInfo> file = new("FILE") { Description = "A configuration file; - reads standard input, with --yes." };
    private readonly Option<bool> yes = new("--yes") { Description = "Do not ask before it begins." };

    public ApplyCommand(Terminal terminal)
        : base(
            terminal,
            "apply",
            "Make the cluster as a configuration file says: the differences that mainstay plan shows are asked for one after the other. "
            + "The first that is refused ends it; what was done stays, and applying again goes on from there.",
            Brief)
    {
        Arguments.Add(file);
        Options.Add(yes);
        Validators.Add(result =>
        {
            if (result.GetValue(file)?.ToString() == "-" && !result.GetValue(yes))
                result.AddError("The file comes from standard input, so nobody can be asked there: say --yes");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay apply east.yaml", "Show the differences, ask, and do it."),
        new("mainstay apply east.yaml --yes", "From a script."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (read, exit) = await ConfigFile.Load(call, call.Parsed.GetRequiredValue(file), null, cancel);
        if (read is null)
            return exit;
        if (read.Steps.Count > 0 && (call.Parsed.GetValue(yes) || Agreed(call, read)))
            return await Do(call, read, cancel);
        var report = ConfigReport.Of(read);
        if (call.Json)
            call.Print(report, CliJson.Default.ConfigReport);
        else if (read.Steps.Count == 0 || !call.Terminal.Interactive)
            new ConfigView(call.Out).Plan(report);
        if (read.Steps.Count == 0)
            return ExitCode.Done;
        call.Progress($"mainstay: nothing was changed. To do it: mainstay apply {read.Name} --yes");
        return ExitCode.Refused;
    }

    private static bool Agreed(Call call, ConfigFile read)
    {
        if (!call.Terminal.Interactive)
            return false;
        new ConfigView(call.Terminal.Error).Plan(ConfigReport.Of(read));
        return call.Terminal.Ask("Do it? Type yes: ", hidden: false)?.Trim() == "yes";
    }

    private static async Task<int> Do(Call call, ConfigFile read, CancellationToken cancel)
    {
        var (outcomes, exit) = (new List<string>(), ExitCode.Done);
        foreach (var step in read.Steps)
        {
            if (exit != ExitCode.Done)
            {
                outcomes.Add(ConfigReportLine.NotAsked);
                continue;
            }

            call.Progress($"{outcomes.Count + 1} of {read.Steps.Count}: {string.Join("; ", step.Changes)}");
            var failure = await Ask(call, step, cancel);
            if (failure is not null)
                call.Progress($"mainstay: {failure.Text}");
            exit = failure?.Exit ?? ExitCode.Done;
            outcomes.Add(exit switch
            {
                ExitCode.Done => ConfigReportLine.Done,
                ExitCode.NoAnswer => ConfigReportLine.Unknown,
                _ => ConfigReportLine.Refused,
            });
        }

        var report = ConfigReport.Of(read, outcomes);
        if (call.Json)
            call.Print(report, CliJson.Default.ConfigReport);
        else
            new ConfigView(call.Out).Done(report);
        if (exit != ExitCode.Done)
            call.Progress($"mainstay: the rest was not asked for. Mend that and apply {read.Name} again: what is done is not done twice.");
        return exit;
    }

    private static async Task<CliFailure?> Ask(Call call, ConfigStep step, CancellationToken cancel) =>
        await step.Ask(call, cancel) switch
        {
            ApiAnswer<RequestReply>.Given { Value: { Outcome: RequestOutcome.Accepted } } => null,
            ApiAnswer<RequestReply>.Given { Value: { Outcome: RequestOutcome.Refused } reply } =>
                new CliFailure("refused", $"refused: {reply.Text}"),
            ApiAnswer<RequestReply>.Given given => CliFailure.Late($"not known whether it happened: {given.Value.Text}"),
            ApiAnswer<RequestReply>.Failed failed => failed.Failure,
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
}
