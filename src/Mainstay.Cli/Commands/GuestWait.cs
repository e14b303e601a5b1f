using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary>Watches a guest until it is as asked, telling each change on standard error.</summary>
internal static class GuestWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public static async Task<GuestStatus?> Look(Call call, string guest, TimeSpan limit, CancellationToken cancel) =>
        await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, limit, cancel) is ApiAnswer<StatusReply>.Given given
            ? given.Value.Guests.FirstOrDefault(candidate => candidate.Name == guest)
            : null;

    public static async Task<(GuestStatus? Reached, CliFailure? Failure)> Until(
        Call call, string guest, GuestGoal goal, TimeSpan within, CancellationToken cancel)
    {
        var clock = call.Terminal.Time;
        var began = clock.GetTimestamp();
        var told = "";
        var last = "no status was seen";
        while (clock.GetElapsedTime(began) is var spent && spent < within)
        {
            // One status that fails is no verdict: the agent may be restarting, and the cluster works on.
            var left = within - spent;
            var seen = await Look(call, guest, left < call.Limit ? left : call.Limit, cancel);
            if (seen is not null)
            {
                last = Describe(seen);
                if (last != told)
                    call.Progress(told = last);
                if (goal.IsReached(seen))
                    return (seen, null);
                if (goal.Missed(seen) is { } missed)
                    return (null, new CliFailure("refused", missed));
            }

            await Task.Delay(Pause, clock, cancel);
        }

        return (null, CliFailure.Late(
            $"{guest} is not {goal.Text} after {DurationText.Print(within)}; {last}. The cluster goes on. See: mainstay explain {guest}"));
    }

    public static string Describe(GuestStatus guest)
    {
        var where = guest.Host is null ? "" : $" on {guest.Host}";
        var why = guest.State is "waiting" or "blocked" or "unknown" && guest.Because is { } because ? $": {because}" : "";
        var waits = guest.Waits is { } reason ? $", waits: {reason}" : "";
        return $"{guest.Name} is {guest.State}{where} (epoch {guest.Epoch}){why}{waits}";
    }
}
