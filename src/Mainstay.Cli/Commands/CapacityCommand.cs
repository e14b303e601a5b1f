using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;
using Mainstay.Core.Capacity;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay capacity</c>: for which losses room is kept, and whether it is there.</summary>
internal sealed class CapacityCommand : CliCommand
{
    private const string None = "none";

    private readonly Option<int?> losses = new("--losses")
    {
        Description = "Keep room for the loss of so many hosts, one after the other; 0: for none.", HelpName = "0..3",
    };

    private readonly Option<string?> domains = new("--domains")
    {
        Description = "Keep room for the loss of any one failure domain of these kinds, such as rack,power; none: for none.",
        HelpName = "KIND,...",
    };

    private readonly Option<bool> check = new("--check") { Description = "Exit with 1 unless it is green, for monitoring." };

    public CapacityCommand(Terminal terminal)
        : base(
            terminal,
            "capacity",
            "Show whether every guest would find a place after each loss that is to be survived; or say which losses those are. What would "
            + "take the room kept for them is refused: start, protect, move, maintenance. Exit codes as everywhere; see --check.",
            Brief)
    {
        losses.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value is not ("0" or "1" or "2" or "3")))
                result.AddError($"--losses: '{token.Value}': give 0 to 3");
        });
        Options.Add(losses);
        Options.Add(domains);
        Options.Add(check);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay capacity", "Is there room for the guests of any host that is lost?"),
        new("mainstay capacity --losses 2", "Keep room for a second loss after the first."),
        new("mainstay capacity --domains rack", "Keep room for the loss of any one rack as well."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (count, kinds) = (call.Parsed.GetValue(losses), call.Parsed.GetValue(domains));
        if (count is not null || kinds is not null)
        {
            var request = new CapacityRequest
            {
                HostLosses = count,
                Domains = kinds is null or None
                    ? (kinds is null ? null : [])
                    : kinds.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            };
            return await call.Request(ApiPaths.Capacity, request, ApiJson.Default.CapacityRequest, cancel);
        }

        var (known, failure) = await SnapshotFile.Load(call, null, cancel);
        if (known is null)
            return call.Fail(failure ?? CliFailure.Usage("there is no snapshot"));
        var report = Report(known);
        if (call.Json)
            call.Print(report, CliJson.Default.CapacityReport);
        else
            new CapacityView(call.Out, call.Ink).Write(report);
        return call.Parsed.GetValue(check) && report.Standing != "green" ? ExitCode.Refused : ExitCode.Done;
    }

    private static CapacityReport Report(SnapshotFile known)
    {
        var board = CapacityBoard.Of(known.View, known.Unfit);
        return new CapacityReport
        {
            Cluster = known.Reply.Cluster,
            Taken = known.Reply.Taken,
            HostLosses = board.Policy.HostLosses,
            Domains = [.. board.Policy.Domains],
            Standing = board.Standing.ToString().ToLowerInvariant(),
            Why = board.Why,
            HeadroomMiB = WhatIf.Headroom(known.View, known.Unfit),
            Losses = [.. board.Plans.Select(Loss)],
        };
    }

    private static CapacityLoss Loss(LossPlan plan) => new(
        plan.Case.Name,
        WhatIfReport.Word(plan.Verdict),
        [.. plan.Starts.Select(start => new WhatIfStart(start.Group.Name, start.From?.Name, start.To.Name))],
        [.. plan.Stranded.Select(guest => new WhatIfStranded(guest.Group.Name, guest.Why))]);
}
