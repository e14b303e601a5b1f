using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Core.Capacity;
using Mainstay.Core.Model;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay what-if</c>: what would follow, by the decisions that would be taken.</summary>
internal sealed class WhatIfCommand : CliCommand
{
    private readonly Option<string[]> fail = new("--fail")
    {
        Description = "These hosts are lost at once; separated by commas.", HelpName = "HOST,...", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> maintenance = new("--maintenance")
    {
        Description = "The host is drained and put into maintenance.", HelpName = "HOST",
    };

    private readonly Option<string?> remove = new("--remove-host")
    {
        Description = "The host is drained and removed for good.", HelpName = "HOST",
    };

    private readonly Option<string?> add = new("--add-guest")
    {
        Description = "A guest is added and started: memory=8G.", HelpName = "memory=SIZE",
    };

    private readonly Option<FileInfo?> snapshot = new("--snapshot")
    {
        Description = "Ask about this file that mainstay snapshot wrote, not about the cluster as it is.", HelpName = "FILE",
    };

    private readonly Option<bool> check = new("--check") { Description = "Exit with 1 when a guest would have no place." };

    public WhatIfCommand(Terminal terminal)
        : base(
            terminal,
            "what-if",
            "Say what would run where after a loss or a change, what would not and why, and what could still be lost then. The decision is "
            + "the one the cluster would take; nothing is touched.",
            Brief)
    {
        Options.Add(fail);
        Options.Add(maintenance);
        Options.Add(remove);
        Options.Add(add);
        Options.Add(snapshot);
        Options.Add(check);
        Validators.Add(result =>
        {
            Option[] kinds = [fail, maintenance, remove, add];
            if (kinds.Count(kind => result.GetResult(kind) is { Implicit: false }) != 1)
                result.AddError("What if what? Say one of --fail, --maintenance, --remove-host and --add-guest");
            else if (result.GetValue(add) is { } guest && Memory(guest) is null)
                result.AddError($"--add-guest: '{guest}' is no guest. Write its memory such as memory=8G or memory=512M");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay what-if --fail n1", "Where would its guests go?"),
        new("mainstay what-if --fail n1,n2 --snapshot east.json", "Two at once, in a cluster as it was."),
        new("mainstay what-if --maintenance n2", "Can n2 be emptied, and what may fail meanwhile?"),
        new("mainstay what-if --add-guest memory=8G", "Is there room for another guest?"),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (known, failure) = await SnapshotFile.Load(call, call.Parsed.GetValue(snapshot), cancel);
        if (known is null)
            return call.Fail(failure ?? CliFailure.Usage("there is no snapshot"));
        var (what, supposed) = Supposed(call.Parsed);
        if (WhatIf.Against(known.View, what) is { } wrong)
            return call.Fail(CliFailure.Usage(wrong));
        var answer = WhatIf.Of(known.View, known.Unfit, what);
        var report = new WhatIfReport
        {
            Cluster = known.Reply.Cluster,
            Taken = known.Reply.Taken,
            Supposed = supposed,
            Verdict = WhatIfReport.Word(answer.Plan.Verdict),
            Starts = [.. answer.Plan.Starts.Select(start => new WhatIfStart(start.Group.Name, start.From?.Name, start.To.Name))],
            Stranded = [.. answer.Plan.Stranded.Select(guest => new WhatIfStranded(guest.Group.Name, guest.Why))],
            Proofs = what is WhatIfCase.Fail lost ? [.. lost.Hosts.Select(host => Proof(ProofOutlook.Of(known.View, host)))] : [],
            Before = WhatIfCapacity.Of(answer.Before, answer.HeadroomBeforeMiB),
            After = WhatIfCapacity.Of(answer.After, answer.HeadroomAfterMiB),
        };
        if (call.Json)
            call.Print(report, CliJson.Default.WhatIfReport);
        else
            new WhatIfView(call.Out, call.Ink).Write(report);
        return call.Parsed.GetValue(check) && report.Stranded.Count > 0 ? ExitCode.Refused : ExitCode.Done;
    }

    private (WhatIfCase What, string Supposed) Supposed(ParseResult parsed)
    {
        if (parsed.GetValue(maintenance) is { } emptied)
            return (new WhatIfCase.Maintenance(new HostId(emptied)), $"{emptied} is drained and in maintenance");
        if (parsed.GetValue(remove) is { } removed)
            return (new WhatIfCase.Remove(new HostId(removed)), $"{removed} is removed");
        if (parsed.GetValue(add) is { } guest && Memory(guest) is { } mebibytes)
            return (new WhatIfCase.AddGuest(mebibytes), $"a guest of {Sizes.Print(mebibytes)} is added");
        var names = (parsed.GetValue(fail) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal).ToArray();
        return (
            new WhatIfCase.Fail(names.Select(name => new HostId(name)).ToValueList()),
            $"{string.Join(" and ", names)} {(names.Length == 1 ? "is" : "are")} lost");
    }

    private static long? Memory(string guest) =>
        guest.StartsWith("memory=", StringComparison.Ordinal) ? Sizes.ParseMiB(guest["memory=".Length..]) : null;

    private static WhatIfProof Proof(ProofOutlook outlook) => new(
        outlook.Host.Name, outlook.PowerOff?.TotalSeconds, outlook.Hung?.TotalSeconds, Rounded(outlook.Lease?.TotalSeconds));

    private static double? Rounded(double? seconds) => seconds is { } known ? Math.Round(known, 1) : null;
}
