using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Api;

/// <summary>
/// Finds out which host has a domain before it is protected there. A domain that runs on two hosts is never adopted (S1).
/// </summary>
internal sealed class ProtectDesk(ClusterMember member, PeerRound round, RequestDesk desk)
{
    private const int AtOnce = 8;

    public async Task<RequestReply> Protect(ProtectRequest request, CancellationToken cancel)
    {
        if (request.All == (request.Guest is not null))
            throw new MalformedException("name one guest, or ask for all of them");
        _ = RequestDesk.PolicyOf(request.OnGuestShutdown);
        var answers = await round.Ask(cancel).ConfigureAwait(false);
        if (Missing(answers.Where(a => !member.Shell.Sight.View.IsWitness(a.Key))) is { } missing)
            return RequestReply.Refused(missing);
        if (request.Guest is { } name)
        {
            var item = await One(name, request, answers, cancel).ConfigureAwait(false);
            return new RequestReply { Outcome = item.Outcome, Text = item.Text };
        }

        return await All(request, answers, cancel).ConfigureAwait(false);
    }

    private async Task<RequestReply> All(
        ProtectRequest request, IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers, CancellationToken cancel)
    {
        var known = member.Shell.Sight.View.Groups;
        string[] names =
        [
            .. Domains(answers).Select(d => d.Guest.Name).Distinct(StringComparer.Ordinal)
                .Where(n => !known.ContainsKey(new GroupId(n)))
                .Order(StringComparer.Ordinal),
        ];
        if (names.Length == 0)
            return new RequestReply
            {
                Outcome = RequestOutcome.Accepted,
                Text = $"nothing to do: {known.Count} guests are protected already",
            };
        var items = new List<RequestItem>();
        foreach (var chunk in names.Chunk(AtOnce))
            items.AddRange(await Task.WhenAll(chunk.Select(n => One(n, request, answers, cancel))).ConfigureAwait(false));
        var done = items.Count(i => i.Outcome == RequestOutcome.Accepted);
        return new RequestReply
        {
            Outcome = items.Any(i => i.Outcome == RequestOutcome.Refused) ? RequestOutcome.Refused : items.Max(i => i.Outcome),
            Text = $"{done} of {items.Count} guests are protected now",
            Items = items,
        };
    }

    private async Task<RequestItem> One(
        string name, ProtectRequest request, IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers, CancellationToken cancel)
    {
        var found = Domains(answers).Where(d => d.Guest.Name == name).ToArray();
        var running = found.Where(d => d.Guest.State != "stopped").ToArray();
        if (found.Length == 0)
            return Refused(name, $"no host has a domain named {name}; see virsh list --all");
        if (running.Length > 1)
            return Refused(
                name,
                $"{name} runs on {Hosts(running)} at once: its disk may already be damaged. "
                + "Stop all but one, check the disk, then protect it");
        if (running.Length == 0 && found.Length > 1)
            return Refused(
                name, $"{name} is defined on {Hosts(found)} and runs nowhere; virsh undefine it on all but one, or start it on one");
        var at = running.Length == 1 ? running[0].Host : found[0].Host;
        var one = request with { Guest = name, All = false };
        var reply = await desk.ProtectAt(at, one, cancel).ConfigureAwait(false);
        return new RequestItem { Guest = name, Outcome = reply.Outcome, Text = reply.Text };
    }

    /// <summary>A host that does not tell its guests might run one of them; a witness never does.</summary>
    private static string? Missing(IEnumerable<KeyValuePair<HostId, PeerAnswer<LocalReply>>> answers)
    {
        foreach (var (host, answer) in answers)
        {
            if (answer is not PeerAnswer<LocalReply>.Answered answered)
                return $"the agent of {host} does not answer, and a guest might run there as well; ask again when it does";
            if (!answered.Value.HypervisorOk)
                return $"libvirt on {host} does not answer ({answered.Value.HypervisorWhy}), "
                    + "and a guest might run there as well; ask again when it does";
        }

        return null;
    }

    private static IEnumerable<(HostId Host, LocalGuest Guest)> Domains(IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers) =>
        from answer in answers
        where answer.Value is PeerAnswer<LocalReply>.Answered
        from guest in ((PeerAnswer<LocalReply>.Answered)answer.Value).Value.Guests
        select (answer.Key, guest);

    private static string Hosts(IEnumerable<(HostId Host, LocalGuest Guest)> found) => string.Join(" and ", found.Select(f => f.Host));

    private static RequestItem Refused(string name, string why) => new() { Guest = name, Outcome = RequestOutcome.Refused, Text = why };
}
