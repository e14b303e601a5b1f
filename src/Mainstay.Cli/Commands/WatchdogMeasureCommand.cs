using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay watchdog measure</c>: lets the watchdog reset this host once, so that its time is known.</summary>
internal sealed class WatchdogMeasureCommand : CliCommand
{
    private const int UsualTimeout = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Option<string?> device = new("--device")
    {
        Description = "The device [default: the one in use, else /dev/watchdog].", HelpName = "PATH",
    };

    private readonly Option<int> timeout = new("--timeout-seconds")
    {
        Description = "What the device is set to, 1 to 60. Not every driver takes every value.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => UsualTimeout,
    };

    private readonly Option<bool> yes = new("--yes") { Description = "Do not ask." };

    public WatchdogMeasureCommand(Terminal terminal)
        : base(
            terminal,
            "measure",
            "Measure how long the watchdog of THIS host takes to reset it. The host is reset once: it must be in maintenance and run no "
            + "guest. Its peers witness the end; when it is back, it asks them and keeps the figure.",
            Brief)
    {
        Options.Add(device);
        Options.Add(timeout);
        Options.Add(yes);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay maintenance n2 on --drain --wait", "First move the guests of n2 away."),
        new("mainstay watchdog measure", "On n2: says what will happen, asks, and resets n2."),
        new("mainstay watchdog status", "When n2 is back: the figure. Then: mainstay maintenance n2 off"),
        new("mainstay watchdog measure --device /dev/watchdog1 --timeout-seconds 5 --yes", "Another device, unasked."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var answer = await call.Agent.Get(ApiPaths.Watchdog, ApiJson.Default.WatchdogReply, call.Limit, cancel);
        if (answer is not ApiAnswer<WatchdogReply>.Given { Value: var seen })
            return call.Fail(answer is ApiAnswer<WatchdogReply>.Failed failed ? failed.Failure : CliFailure.Unreachable("no answer"));
        var seconds = call.Parsed.GetValue(timeout);
        var path = call.Parsed.GetValue(device)
            ?? seen.Hosts.FirstOrDefault(host => host.Host == seen.Self)?.Watchdog.Device ?? "/dev/watchdog";
        call.Progress($"{path} of {seen.Self} is set to {seconds} s and fed no more: the machine is RESET, as if its power had failed.");
        call.Progress("Nothing is shut down. Do this only when somebody can reach the machine in case it does not come up again.");
        if (!call.Parsed.GetValue(yes))
        {
            if (!call.Terminal.Interactive)
                return call.Fail(CliFailure.Usage("Nobody is there to be asked. If you are sure, add: --yes"));
            var typed = call.Terminal.Ask("Type the host's name to go on: ", hidden: false)?.Trim();
            if (typed != seen.Self)
                return call.Fail(CliFailure.Usage($"'{typed}' is not '{seen.Self}': nothing was done."));
        }

        var request = new WatchdogMeasureRequest { Device = call.Parsed.GetValue(device), Timeout = seconds };
        var begun = await call.Ask(ApiPaths.WatchdogMeasure, request, ApiJson.Default.WatchdogMeasureRequest, cancel);
        if (begun is not ApiAnswer<RequestReply>.Given { Value.Outcome: RequestOutcome.Accepted } given)
            return call.Finish(begun, ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
        call.Progress(given.Value.Text);
        return call.Fail(new CliFailure("not_reset", await Outlived(call, seen.Self, cancel)));
    }

    /// <summary>Returns only when the watchdog failed: with the machine this program ends too.</summary>
    private static async Task<string> Outlived(Call call, string self, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Pause, call.Terminal.Time, cancel);
            var answer = await call.Agent.Get(ApiPaths.Watchdog, ApiJson.Default.WatchdogReply, Brief, cancel);
            if (answer is not ApiAnswer<WatchdogReply>.Given seen
                || seen.Value.Hosts.FirstOrDefault(host => host.Host == self)?.Watchdog is not { } own)
                continue;
            if (own.Failed is { } why)
                return $"{why}.";
            if (own.UnfedSeconds is { } unfed)
                call.Progress(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"not fed for {unfed:0.0} s"));
        }
    }
}
