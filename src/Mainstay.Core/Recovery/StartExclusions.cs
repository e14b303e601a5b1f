using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Recovery;

/// <summary>
/// Which failed starts still count. The record says that they were, not when: the leader counts from when it saw each, so a new leader
/// counts anew.
/// </summary>
internal sealed class StartExclusions(NodeState state)
{
    private readonly SortedDictionary<GroupId, (ValueList<StartFailure> Failures, Instant[] Seen)> known = [];

    /// <summary>The failures within <see cref="RestartPolicy.Window"/>, newest last.</summary>
    public ValueList<StartFailure> InForce(GroupId group, OwnershipRecord own)
    {
        if (own.Failures.IsEmpty)
        {
            known.Remove(group);
            return [];
        }

        var before = known.GetValueOrDefault(group, ([], []));
        var seen = Align(before.Item1, before.Item2, own.Failures);
        known[group] = (own.Failures, seen);
        return own.Failures.Where((_, i) => state.Now < seen[i] + RestartPolicy.Window).ToValueList();
    }

    public void Forget(GroupId group) => known.Remove(group);

    // The end of what was known is the beginning of what is.
    private Instant[] Align(ValueList<StartFailure> old, Instant[] times, ValueList<StartFailure> now)
    {
        for (var from = Math.Max(0, old.Count - now.Count); from < old.Count; from++)
        {
            var same = old.Count - from;
            if (old.AsSpan()[from..].SequenceEqual(now.AsSpan()[..same]))
                return [.. times[from..], .. Enumerable.Repeat(state.Now, now.Count - same)];
        }

        return [.. Enumerable.Repeat(state.Now, now.Count)];
    }
}
