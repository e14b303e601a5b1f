namespace Mainstay.Store.Etcd;

/// <summary>An entry of etcd's member list. A member that was added and has not started yet has an empty name.</summary>
public sealed record EtcdMemberInfo(
    ulong Id, string Name, IReadOnlyList<Uri> PeerEndpoints, IReadOnlyList<Uri> ClientEndpoints, bool IsLearner)
{
    public bool HasStarted => Name.Length > 0;
}
