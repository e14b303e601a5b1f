using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay leave</c>: this host is about to be shut down, and that is no failure.</summary>
internal sealed class LeaveCommand : CliCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Option<bool> move = new("--move")
    {
        Description = "Its guests are started on other hosts (default); those without a place there are kept.",
    };

    private readonly Option<bool> keep = new("--keep")
    {
        Description = "Its guests are shut down, stay so, and start here again when the host returns.",
    };

    private readonly WaitOptions wait;

    public LeaveCommand(Terminal terminal)
        : base(
            terminal,
            "leave",
            "Take this host out in order before it is shut down: its guests are moved or kept, and nobody fences it. "
                + "It returns when it boots, or when its agent is started again.",
            Brief)
    {
        Options.Add(move);
        Options.Add(keep);
        wait = new WaitOptions(this, "Wait until nothing protected runs here any more.");
        Validators.Add(result =>
        {
            if (result.GetValue(move) && result.GetValue(keep))
                result.AddError("Say --move or --keep, not both");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay leave --wait && systemctl poweroff", "Move the guests away, then switch off."),
        new("mainstay leave --keep --wait && systemctl reboot", "The guests come back with the host."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new LeaveRequest { Policy = call.Parsed.GetValue(keep) ? "keep" : "move" };
        var answer = await call.Ask(ApiPaths.Leave, request, ApiJson.Default.LeaveRequest, cancel);
        if (!call.Parsed.GetValue(wait.Wait)
            || answer is not ApiAnswer<RequestReply>.Given { Value.Outcome: RequestOutcome.Accepted } given)
            return call.Finish(answer, ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
        call.Progress(given.Value.Text);
        return await Left(call, wait.WithinOf(call), cancel) is { } failure
            ? call.Fail(failure)
            : call.Finish(
                new ApiAnswer<RequestReply>.Given(given.Value with { Text = "this host has left in order: nothing protected runs on it" }),
                ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
    }

    private static async Task<CliFailure?> Left(Call call, TimeSpan within, CancellationToken cancel)
    {
        var clock = call.Terminal.Time;
        var began = clock.GetTimestamp();
        var told = "no status was seen";
        while (clock.GetElapsedTime(began) < within)
        {
            if (await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, Brief, cancel) is ApiAnswer<StatusReply>.Given seen
                && seen.Value.Hosts.FirstOrDefault(h => h.Name == seen.Value.Cluster.AnsweredBy) is { } host)
            {
                if (host.State == "left")
                    return null;
                var now = $"{host.Name} is {host.State}, {host.Guests} guests to go";
                if (now != told)
                    call.Progress(told = now);
            }

            await Task.Delay(Pause, clock, cancel);
        }

        return CliFailure.Late($"this host has not left after {DurationText.Print(within)}; {told}. It goes on. See: mainstay status");
    }
}
