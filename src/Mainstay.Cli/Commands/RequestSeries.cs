using Mainstay.Cli.Agent;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary>The same request for several guests, one after the other, reported as one.</summary>
internal static class RequestSeries
{
    public static async Task<int> Run(Call call, IReadOnlyList<string> guests, Func<string, Task<ApiAnswer<RequestReply>>> ask)
    {
        if (guests.Count == 1)
            return call.Finish(await ask(guests[0]), ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
        var items = new List<RequestItem>();
        foreach (var guest in guests)
        {
            switch (await ask(guest))
            {
                case ApiAnswer<RequestReply>.Given given:
                    items.Add(new() { Guest = guest, Outcome = given.Value.Outcome, Text = given.Value.Text });
                    break;
                case ApiAnswer<RequestReply>.Failed { Failure: { Exit: ExitCode.Refused } failure }:
                    items.Add(new() { Guest = guest, Outcome = RequestOutcome.Refused, Text = failure.Text });
                    break;
                case ApiAnswer<RequestReply>.Failed failed when items.Count == 0:
                    return call.Fail(failed.Failure);
                case ApiAnswer<RequestReply>.Failed failed:
                    items.Add(new() { Guest = guest, Outcome = RequestOutcome.Unknown, Text = failed.Failure.Text });
                    break;
            }
        }

        var done = items.Count(item => item.Outcome == RequestOutcome.Accepted);
        var reply = new RequestReply
        {
            Outcome = items.Max(item => item.Outcome),
            Text = $"{done} of {items.Count} guests done.",
            Items = items,
        };
        return call.Finish(new ApiAnswer<RequestReply>.Given(reply), ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
    }
}
