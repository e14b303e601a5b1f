using System.CommandLine;
using Mainstay.Cli.Config;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay plan</c>: how a configuration file differs from the cluster.</summary>
internal sealed class PlanCommand : CliCommand
{
    private readonly Argument<FileInfo?> file = new("FILE")
    {
        Description = "A configuration file; - reads standard input.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> check = new("--check") { Description = "Exit with 1 when something differs." };
    private readonly Option<bool> export = new("--export")
    {
        Description = "Print the cluster as it is as such a file, to begin with. No FILE then.",
    };

    private readonly Option<FileInfo?> snapshot = new("--snapshot")
    {
        Description = "Compare with this file that mainstay snapshot wrote, not with the cluster as it is.", HelpName = "FILE",
    };

    public PlanCommand(Terminal terminal)
        : base(
            terminal,
            "plan",
            "Show how the cluster differs from a configuration file (docs/guides/configuration-file.md), one line for each difference. "
            + "What the file does not say is not compared. Nothing is changed.",
            Brief)
    {
        Arguments.Add(file);
        Options.Add(check);
        Options.Add(export);
        Options.Add(snapshot);
        Validators.Add(result =>
        {
            if (result.GetValue(export) && (result.GetValue(file) is not null || result.GetValue(check)))
                result.AddError("--export prints a file and compares nothing: leave FILE and --check out");
            else if (!result.GetValue(export) && result.GetValue(file) is null)
                result.AddError("Which file? Name one; mainstay plan --export prints one to begin with");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay plan --export > east.yaml", "The cluster as it is, as a file."),
        new("mainstay plan east.yaml", "What would mainstay apply east.yaml change?"),
        new("mainstay plan east.yaml --check", "For a pipeline: exit code 1 when the cluster is not as the file says."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        if (call.Parsed.GetValue(file) is not { } named)
            return await Export(call, cancel);
        var (read, exit) = await ConfigFile.Load(call, named, call.Parsed.GetValue(snapshot), cancel);
        if (read is null)
            return exit;
        var report = ConfigReport.Of(read);
        if (call.Json)
            call.Print(report, CliJson.Default.ConfigReport);
        else
            new ConfigView(call.Out).Plan(report);
        return call.Parsed.GetValue(check) && report.Changes.Count > 0 ? ExitCode.Refused : ExitCode.Done;
    }

    private async Task<int> Export(Call call, CancellationToken cancel)
    {
        var (known, failure) = await SnapshotFile.Load(call, call.Parsed.GetValue(snapshot), cancel);
        if (known is null)
            return call.Fail(failure ?? CliFailure.Usage("there is no snapshot"));
        var text = ConfigExport.Of(known.Reply, known.View);
        if (call.Json)
            call.Print(new ConfigExported { Cluster = known.Reply.Cluster, Text = text }, CliJson.Default.ConfigExported);
        else
            call.Out.Write(text);
        return ExitCode.Done;
    }
}
