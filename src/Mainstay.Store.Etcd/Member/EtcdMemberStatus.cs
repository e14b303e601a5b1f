namespace Mainstay.Store.Etcd;

/// <summary>What a member says about itself.</summary>
/// <param name="LeaderId">The leader it follows; null when it knows none.</param>
/// <param name="Alarms">etcd's standing complaints, such as a full database.</param>
public sealed record EtcdMemberStatus(
    ulong Id, string Version, ulong? LeaderId, ulong AppliedIndex, long DatabaseBytes, bool IsLearner, IReadOnlyList<string> Alarms);
