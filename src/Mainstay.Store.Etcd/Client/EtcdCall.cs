using Google.Protobuf;
using Grpc.Core;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>A unary request that can be sent to any endpoint, and where its answer carries the header.</summary>
internal sealed record EtcdCall<T>(Func<EtcdEndpoint, CallOptions, AsyncUnaryCall<T>> Send, Func<T, ResponseHeader?> HeaderOf);

/// <summary>The requests Mainstay makes.</summary>
internal static class EtcdCalls
{
    /// <summary>The cheapest linearizable request: it says that a leader with a quorum answers.</summary>
    public static readonly EtcdCall<RangeResponse> Probe = Range(new RangeRequest
    {
        Key = ByteString.CopyFromUtf8("/mainstay"),
        CountOnly = true,
        Limit = 1,
    });

    public static EtcdCall<RangeResponse> Range(RangeRequest request) =>
        new((to, options) => to.Kv.RangeAsync(request, options), answer => answer.Header);

    public static EtcdCall<TxnResponse> Txn(TxnRequest request) =>
        new((to, options) => to.Kv.TxnAsync(request, options), answer => answer.Header);

    public static EtcdCall<MemberListResponse> Members() =>
        new((to, options) => to.Cluster.MemberListAsync(new MemberListRequest { Linearizable = true }, options), answer => answer.Header);

    public static EtcdCall<MemberAddResponse> AddLearner(IEnumerable<string> peerUrls) => new(
        (to, options) => to.Cluster.MemberAddAsync(new MemberAddRequest { IsLearner = true, PeerURLs = { peerUrls } }, options),
        answer => answer.Header);

    public static EtcdCall<MemberPromoteResponse> Promote(ulong id) =>
        new((to, options) => to.Cluster.MemberPromoteAsync(new MemberPromoteRequest { ID = id }, options), answer => answer.Header);

    public static EtcdCall<MemberRemoveResponse> Remove(ulong id) =>
        new((to, options) => to.Cluster.MemberRemoveAsync(new MemberRemoveRequest { ID = id }, options), answer => answer.Header);

    public static EtcdCall<StatusResponse> Status() =>
        new((to, options) => to.Maintenance.StatusAsync(new StatusRequest(), options), answer => answer.Header);
}
