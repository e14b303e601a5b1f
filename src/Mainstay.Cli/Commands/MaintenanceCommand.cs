using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay maintenance</c>: takes a host out of the cluster's hands for a while.</summary>
internal sealed class MaintenanceCommand : CliCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> host = new("HOST") { Description = "A member." };
    private readonly Argument<string> state = new("on|off") { Description = "on: take it out; off: give it back." };
    private readonly Option<bool> drain = new("--drain") { Description = "With on: move its guests to other hosts, two at a time." };
    private readonly Option<string> reason = new("--override")
    {
        Description = "With on: also when guests have no place elsewhere, now or after a loss (mainstay capacity); those without one now "
            + "stay. The reason is kept.",
        HelpName = "REASON",
        DefaultValueFactory = _ => "",
    };

    private readonly WaitOptions wait;

    public MaintenanceCommand(Terminal terminal)
        : base(terminal, "maintenance", "Take a host out of the cluster's hands: it is never fenced and receives no guests.", Brief)
    {
        state.OnlyFrom("on", "off");
        Arguments.Add(host);
        Arguments.Add(state);
        Options.Add(drain);
        Options.Add(reason);
        wait = new WaitOptions(this, "With --drain: wait until no guest is left there.");
        Validators.Add(result =>
        {
            if (result.GetValue(drain) && result.GetValue(state) != "on")
                result.AddError("--drain goes with on");
            else if (!result.GetValue(drain) && result.GetValue(wait.Wait))
                result.AddError("--wait goes with --drain");
            else if (result.GetValue(state) != "on" && result.GetValue(reason) is { Length: > 0 })
                result.AddError("--override goes with on");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay maintenance n2 on", "Before work on n2; its guests stay."),
        new("mainstay maintenance n2 on --drain --wait", "Move its guests away first, and return when it is empty."),
        new("mainstay maintenance n2 off", "After it."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(host);
        var request = new MaintenanceRequest
        {
            Host = name,
            On = call.Parsed.GetRequiredValue(state) == "on",
            Drain = call.Parsed.GetValue(drain),
            Override = call.Parsed.GetValue(reason) ?? "",
        };
        var answer = await call.Ask(ApiPaths.Maintenance, request, ApiJson.Default.MaintenanceRequest, cancel);
        if (!call.Parsed.GetValue(wait.Wait)
            || answer is not ApiAnswer<RequestReply>.Given { Value.Outcome: RequestOutcome.Accepted } given)
            return call.Finish(answer, ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
        call.Progress(given.Value.Text);
        return await Empty(call, name, wait.WithinOf(call), cancel) is { } failure
            ? call.Fail(failure)
            : call.Finish(
                new ApiAnswer<RequestReply>.Given(given.Value with { Text = $"{name} is in maintenance and has no guest" }),
                ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
    }

    private static async Task<CliFailure?> Empty(Call call, string name, TimeSpan within, CancellationToken cancel)
    {
        var clock = call.Terminal.Time;
        var began = clock.GetTimestamp();
        var told = "no status was seen";
        while (clock.GetElapsedTime(began) < within)
        {
            if (await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, Brief, cancel) is ApiAnswer<StatusReply>.Given seen)
            {
                var left = seen.Value.Guests.Where(g => g.Host == name && g.Desired == "running").Select(g => g.Name).ToArray();
                if (left.Length == 0)
                    return null;
                var now = $"{left.Length} to go from {name}: {string.Join(", ", left)}";
                if (now != told)
                    call.Progress(told = now);
            }

            await Task.Delay(Pause, clock, cancel);
        }

        return CliFailure.Late(
            $"{name} is not empty after {DurationText.Print(within)}; {told}. The cluster goes on. See: mainstay status");
    }
}
