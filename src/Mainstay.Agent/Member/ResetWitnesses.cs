using Mainstay.Contracts.Api;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Member;

/// <summary>Asks the other hosts what their beacons heard of an earlier session of this one whose watchdog was measured.</summary>
internal sealed class ResetWitnesses(ClusterMember member)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>What was heard, and whether every other member has answered.</summary>
    public async Task<(ValueList<ResetWitness> Heard, bool All)> Ask(SessionId session, CancellationToken cancel)
    {
        var others = member.Others.ToArray();
        var asked = others.Select(o => member.Peers.Get(o.Value, ApiPaths.Local, ApiJson.Default.LocalReply, Limit, cancel)).ToArray();
        var answers = await Task.WhenAll(asked).ConfigureAwait(false);
        var heard = new List<ResetWitness>();
        foreach (var ((host, _), answer) in others.Zip(answers))
        {
            if (answer is PeerAnswer<LocalReply>.Answered { Value.Unfed: var unfed }
                && unfed.FirstOrDefault(u => u.Host == member.Self.Name && u.Session == session.ToString()) is { } mark)
            {
                heard.Add(new ResetWitness(
                    host.Name, TimeSpan.FromSeconds(mark.LastSeconds), mark.Beacons, TimeSpan.FromSeconds(mark.GapSeconds)));
            }
        }

        return (heard.ToValueList(), others.Length > 0 && answers.All(a => a is PeerAnswer<LocalReply>.Answered));
    }
}
