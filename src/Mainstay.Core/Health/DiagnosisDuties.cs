using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Health;

/// <summary>
/// The leader tells when it finds something wrong with a host, or no longer: once it has lasted, and nothing else is done.
/// </summary>
internal sealed class DiagnosisDuties(NodeState state)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<HostId, (HostCondition Seen, Instant Since, HostCondition Told)> known = [];

    private object? looked;

    public void Run()
    {
        if (!state.IsLeader || !state.Hearing.IsFresh(state.Now))
        {
            known.Clear();
            return;
        }

        foreach (var host in state.View.Sessions.Keys)
            Look(host);
        if (ReferenceEquals(looked, state.View.Sessions))
            return;
        looked = state.View.Sessions;
        foreach (var gone in known.Keys.Where(h => !state.View.Sessions.ContainsKey(h)).ToArray())
            known.Remove(gone);
    }

    private void Look(HostId host)
    {
        var now = Diagnostician.Of(state.View, state.Hearing, state.Self, host, state.Now);
        if (now.Condition == HostCondition.Gray)
            now = now with { Condition = HostCondition.Healthy }; // Quarantine is told by itself; what was told before is over.
        var before = known.GetValueOrDefault(host, (Seen: HostCondition.Healthy, Since: state.Now, Told: HostCondition.Healthy));
        if (before.Seen != now.Condition)
            before = (now.Condition, state.Now, before.Told);
        if (before.Told != now.Condition && state.Now - before.Since >= Lasts)
        {
            if (HasNoOtherFact(now.Condition) && (now.Condition != HostCondition.Healthy || HasNoOtherFact(before.Told)))
                state.Report(new Fact.HostDiagnosed(host, now));
            before.Told = now.Condition;
        }

        if (before.Told != before.Seen)
            state.LookAgainAt(before.Since + Lasts);
        known[host] = before;
    }

    // Silence, fencing, death, leave and quarantine are told by who acts on them.
    private static bool HasNoOtherFact(HostCondition condition) => condition switch
    {
        HostCondition.Healthy or HostCondition.AgentHung or HostCondition.HypervisorSilent or HostCondition.NetworkDown
            or HostCondition.HeardOneWay or HostCondition.StorageLost or HostCondition.StorageLostEverywhere => true,
        HostCondition.Gray or HostCondition.BeaconDead or HostCondition.Silent or HostCondition.Dead or HostCondition.Away => false,
    };
}
