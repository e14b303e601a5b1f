using System.Globalization;
using Mainstay.Core.Capacity;
using Mainstay.Core.Model;
using static Mainstay.Core.Facts.FactFields;

namespace Mainstay.Core.Facts;

/// <summary>Facts about the cluster as a whole as text: a part of <see cref="FactText"/>.</summary>
internal static class ClusterFactText
{
    public static ValueList<FactField> Fields(Fact.OfCluster fact) => fact switch
    {
        Fact.StoreLost f => [F("host", f.Seen.Name), F("why", f.Why)],
        Fact.StoreRegained f => [F("host", f.Seen.Name)],
        Fact.StoreNotUnderstood f => [F("host", f.Seen.Name), F("why", f.Why)],
        Fact.StoreUnderstood f => [F("host", f.Seen.Name)],
        Fact.StoreWentBack f => [F("host", f.Seen.Name), F("why", f.Why)],
        Fact.IncarnationBegan f => [F("incarnation", f.Incarnation.ToString(CultureInfo.InvariantCulture)), F("because", f.Because)],
        Fact.SessionConfirmed f => Of(f.Host),
        Fact.CutOffRecalled f => Of(f.Host, F("storage", f.Storages)),
        Fact.GroupReconciled f => [F("group", f.Group.Name), F("epoch", f.Epoch.ToString()), .. At(f.Host)],
        Fact.Armed => [],
        Fact.Disarmed f => [F("reason", f.Reason)],
        Fact.CapacityChanged f => [F("standing", Text(f.Standing)), F("why", f.Why)],
        Fact.SettingChanged f => [F("what", f.What)],
    };

    public static string Sentence(Fact.OfCluster fact) => fact switch
    {
        Fact.StoreLost f => $"{f.Seen} lost the store: {f.Why}",
        Fact.StoreRegained f => $"{f.Seen} has the store again",
        Fact.StoreNotUnderstood f => $"{f.Seen} cannot read all of the store and leaves it to others: {f.Why}",
        Fact.StoreUnderstood f => $"{f.Seen} can read all of the store",
        Fact.StoreWentBack f => $"{f.Seen}: the store went back in time: {f.Why}",
        Fact.IncarnationBegan f => $"incarnation {f.Incarnation} of the store began, guests wait until they are found: {f.Because}",
        Fact.SessionConfirmed f => $"{f.Host} goes on in the restored store",
        Fact.CutOffRecalled f => $"{f.Host} {Spent(f.Storages)} since before the store was restored: it joins anew",
        Fact.GroupReconciled f => $"{f.Group} epoch {f.Epoch} was found running {Place(f.Host)}",
        Fact.Armed => "the cluster is armed",
        Fact.Disarmed f => $"the cluster is disarmed: {f.Reason}",
        Fact.CapacityChanged f => $"capacity is {Text(f.Standing)}: {f.Why}",
        Fact.SettingChanged f => $"setting changed: {f.What}",
    };

    private static string Spent(string storages) => storages.Length == 0 ? "cannot go on" : $"is cut off from {storages}";

    private static string Text(CapacityStanding standing) => standing.ToString().ToLowerInvariant();

    private static string Place(HostId? host) => host is { } known ? $"on {known}" : "nowhere: it may be started";
}
