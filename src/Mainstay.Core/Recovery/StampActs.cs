using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Recovery;

/// <summary>Reads and writes the stamps beside a guest's disks, and says what a stamp forbids.</summary>
internal sealed class StampActs(NodeState state, OperationLedger ledger)
{
    /// <summary>The stamp of this cluster for an epoch.</summary>
    public DiskStamp Ours(Epoch epoch) => new(state.View.Settings?.Value.ClusterId ?? "", state.View.Incarnation, epoch);

    public void Read(GroupId group, string definition, Action<Observed<ValueList<DiskStamp>>> then) =>
        ledger.Ask(
            op => new NodeEffect.ReadStamps(op, group, definition),
            input => then(input is NodeInput.StampsRead read ? read.Stamps : new Observed<ValueList<DiskStamp>>.Unknown("no answer")));

    /// <summary>Null when all stamps are written; else why not.</summary>
    public void Write(GroupId group, string definition, DiskStamp stamp, Action<string?> then) =>
        ledger.Ask(op => new NodeEffect.WriteStamps(op, group, definition, stamp), input => then(input switch
        {
            NodeInput.GuestActed { Outcome: GuestOutcome.Done } => null,
            NodeInput.GuestActed { Outcome: GuestOutcome.Failed failed } => failed.Why,
            NodeInput.GuestActed { Outcome: GuestOutcome.Unknown unknown } => unknown.Why,
            _ => "no answer",
        }));

    /// <summary>After it was given back: another cluster may protect it.</summary>
    public void Remove(GroupId group, string definition) =>
        ledger.Ask(op => new NodeEffect.RemoveStamps(op, group, definition, Ours(default).ClusterId), _ => { });

    /// <summary>What on the disk forbids a start, or an adoption, under this stamp; null when nothing does.</summary>
    public static string? Objection(DiskStamp ours, ValueList<DiskStamp> found)
    {
        foreach (var stamp in found)
        {
            if (stamp.ClusterId != ours.ClusterId)
                return $"its disk says that another cluster protects it ({stamp.ClusterId}, epoch {stamp.Epoch})";
            if ((stamp.Incarnation, stamp.Epoch.Number).CompareTo((ours.Incarnation, ours.Epoch.Number)) > 0)
                return $"its disk says epoch {stamp.Epoch} of incarnation {stamp.Incarnation}, and this would be epoch {ours.Epoch} of "
                    + $"incarnation {ours.Incarnation}: the store is older than the disk";
        }

        return null;
    }

    /// <summary>The lowest epoch above all that this cluster has left on the disk.</summary>
    public Epoch Above(Epoch least, ValueList<DiskStamp> found)
    {
        foreach (var stamp in found)
        {
            if (stamp.ClusterId == Ours(least).ClusterId && stamp.Epoch.CompareTo(least) >= 0)
                least = stamp.Epoch.Next;
        }

        return least;
    }
}
