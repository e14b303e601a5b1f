using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary>Lets a request for a guest wait until the cluster has carried it out.</summary>
internal sealed class WaitOptions
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    private readonly Option<TimeSpan> within = Durations.Option(
        "--within", $"With --wait: give up waiting after this time; the cluster goes on [default: {DurationText.Type(Usual)}].");

    public WaitOptions(Command command, string description)
    {
        Wait = new Option<bool>("--wait") { Description = description };
        within.DefaultValueFactory = _ => Usual;
        command.Options.Add(Wait);
        command.Options.Add(within);
    }

    public Option<bool> Wait { get; }

    public TimeSpan WithinOf(Call call) => call.Parsed.GetValue(within);

    public async Task<int> Request(
        Call call, string guest, Func<Task<ApiAnswer<RequestReply>>> ask, GuestGoal goal, CancellationToken cancel)
    {
        var answer = await ask();
        if (!call.Parsed.GetValue(Wait) || answer is not ApiAnswer<RequestReply>.Given { Value.Outcome: RequestOutcome.Accepted } accepted)
            return call.Finish(answer, ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
        call.Progress(accepted.Value.Text);
        var (reached, failure) = await GuestWait.Until(call, guest, goal, call.Parsed.GetValue(within), cancel);
        if (reached is null || failure is not null)
            return call.Fail(failure ?? CliFailure.Late($"{guest}: no status."));
        var reply = new RequestReply { Outcome = RequestOutcome.Accepted, Text = GuestWait.Describe(reached) + "." };
        return call.Finish(new ApiAnswer<RequestReply>.Given(reply), ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
    }
}
