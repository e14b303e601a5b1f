using System.CommandLine;
using System.Text.Json;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay snapshot</c>: writes down what decisions stand on.</summary>
internal sealed class SnapshotCommand : CliCommand
{
    private readonly Argument<FileInfo> file = new("FILE") { Description = "Where to; - writes it to standard output." };

    public SnapshotCommand(Terminal terminal)
        : base(
            terminal,
            "snapshot",
            "Write down what decisions stand on: hosts, guests, owners, room. For mainstay what-if later or elsewhere. Passwords of fence "
            + "methods, storages and guests' displays are left out; the guests' definitions are in it.",
            Brief) => Arguments.Add(file);

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay snapshot east.json", "Take one."),
        new("mainstay snapshot - | ssh desk mainstay what-if --snapshot /dev/stdin --fail n1", "Ask about it elsewhere."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var to = call.Parsed.GetRequiredValue(file);
        var answer = await call.Agent.Get(ApiPaths.Snapshot, ApiJson.Default.SnapshotReply, call.Limit, cancel);
        if (answer is not ApiAnswer<SnapshotReply>.Given given)
            return call.Finish(answer, ApiJson.Default.SnapshotReply, _ => ExitCode.Done, _ => { });
        if (to.ToString() == "-")
        {
            call.Print(given.Value, ApiJson.Default.SnapshotReply);
            return ExitCode.Done;
        }

        try
        {
            // Beside it first: an older snapshot is not lost when the disk is full.
            var beside = $"{to.FullName}.new";
            await using (var stream = File.Create(beside))
                await JsonSerializer.SerializeAsync(stream, given.Value, ApiJson.Default.SnapshotReply, cancel);
            File.Move(beside, to.FullName, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return call.Fail(CliFailure.Usage($"{to}: cannot be written: {error.Message}"));
        }

        var report = new SnapshotReport { File = to.ToString(), Cluster = given.Value.Cluster, Entries = given.Value.Entries.Count };
        if (call.Json)
            call.Print(report, CliJson.Default.SnapshotReport);
        else
            call.Out.WriteLine($"{report.File}: {report.Entries} entries of cluster {report.Cluster}.");
        return ExitCode.Done;
    }
}
