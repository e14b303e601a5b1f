using Mainstay.Core.Model;
using Mainstay.Store.Etcd.Client;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd;

/// <summary>
/// The membership of an etcd cluster, seen from outside. Changes are asked for again only after the member list shows that they have
/// not happened; etcd refuses a doubled one.
/// </summary>
public sealed class EtcdCluster : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(150);

    private readonly EtcdConnection connection;
    private readonly TimeSpan callLimit;

    public EtcdCluster(IReadOnlyList<Uri> endpoints, EtcdTls? tls, TimeSpan? callLimit = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = new EtcdStoreOptions { Endpoints = endpoints, Tls = tls, Prefix = "/" };
        options.Validate();
        this.callLimit = callLimit ?? TimeSpan.FromSeconds(2);
        connection = new EtcdConnection(tls, options.PingEvery);
        connection.Use(endpoints);
    }

    /// <summary>As the answering member knows it.</summary>
    public async Task<Observed<IReadOnlyList<EtcdMemberInfo>>> Members(CancellationToken cancel) =>
        await connection.Read(EtcdCalls.Members(), callLimit, cancel).ConfigureAwait(false) switch
        {
            Attempt<MemberListResponse>.Answered { Value: var list } =>
                new Observed<IReadOnlyList<EtcdMemberInfo>>.Known([.. list.Members.Select(ToInfo)]),
            Attempt<MemberListResponse>.Failed failed => new Observed<IReadOnlyList<EtcdMemberInfo>>.Unknown(failed.Why),
            _ => throw new InvalidOperationException("An attempt is answered or failed."),
        };

    /// <summary>Asks one endpoint about itself; says nothing about a quorum.</summary>
    public async Task<Observed<EtcdMemberStatus>> Status(Uri endpoint, CancellationToken cancel)
    {
        var listed = connection.All.FirstOrDefault(known => known.Address == endpoint)
            ?? throw new ArgumentException($"{endpoint} is not an endpoint of this client.", nameof(endpoint));
        return await listed.Try(EtcdCalls.Status(), callLimit, cancel).ConfigureAwait(false) switch
        {
            Attempt<StatusResponse>.Answered { Value: var status } => new Observed<EtcdMemberStatus>.Known(new EtcdMemberStatus(
                status.Header.MemberId, status.Version, status.Leader == 0 ? null : status.Leader, status.RaftAppliedIndex,
                status.DbSize, status.IsLearner, [.. status.Errors])),
            Attempt<StatusResponse>.Failed failed => new Observed<EtcdMemberStatus>.Unknown(failed.Why),
            _ => throw new InvalidOperationException("An attempt is answered or failed."),
        };
    }

    /// <summary>True when a linearizable request is answered.</summary>
    public async Task<bool> HasQuorum(CancellationToken cancel) =>
        await connection.Read(EtcdCalls.Probe, callLimit, cancel).ConfigureAwait(false) is Attempt<RangeResponse>.Answered;

    /// <summary>Gives a learner its vote as soon as it is in sync.</summary>
    public Task<EtcdOutcome> Promote(ulong id, TimeSpan within, CancellationToken cancel) => Repeat(
        async members => members.FirstOrDefault(member => member.Id == id) switch
        {
            null => new Attempt<bool>.Failed(Failure.Compacted, $"Member {id:x} is not in the cluster."),
            { IsLearner: false } => new Attempt<bool>.Answered(true),
            _ => Simplify(await connection.Write(EtcdCalls.Promote(id), callLimit, cancel).ConfigureAwait(false)),
        },
        within,
        cancel);

    /// <summary>Takes a member out. Done as well when it is not in the cluster.</summary>
    public Task<EtcdOutcome> Remove(ulong id, TimeSpan within, CancellationToken cancel) => Repeat(
        async members => members.Any(member => member.Id == id)
            ? Simplify(await connection.Write(EtcdCalls.Remove(id), callLimit, cancel).ConfigureAwait(false))
            : new Attempt<bool>.Answered(true),
        within,
        cancel);

    /// <summary>
    /// Makes sure that exactly one entry with these peer addresses exists, that it is a learner and that nothing has started under it.
    /// An entry left by a join that was cut short is used again; one whose data are lost is taken out first.
    /// </summary>
    internal async Task<(EtcdOutcome Outcome, ulong Id, IReadOnlyList<EtcdMemberInfo> Members)> AddLearner(
        string name, IReadOnlyList<Uri> peers, TimeSpan within, CancellationToken cancel)
    {
        EtcdMemberInfo? ours = null;
        IReadOnlyList<EtcdMemberInfo> all = [];
        var outcome = await Repeat(
            async members =>
            {
                all = members;
                // The caller holds these addresses and found their ports free: whatever is listed under them does not run.
                ours = members.FirstOrDefault(member => member.PeerEndpoints.Any(peers.Contains));
                if (ours is null && members.FirstOrDefault(member => member.Name == name) is { } namesake)
                    return new Attempt<bool>.Failed(Failure.Compacted, $"The cluster has a member {name} already, at "
                        + $"{string.Join(' ', namesake.PeerEndpoints)}. Choose another name, or take that one out.");
                if (ours is { HasStarted: false, IsLearner: true } && ours.PeerEndpoints.ToHashSet().SetEquals(peers))
                    return new Attempt<bool>.Answered(true);
                var step = ours is { } stale
                    ? Simplify(await connection.Write(EtcdCalls.Remove(stale.Id), callLimit, cancel).ConfigureAwait(false))
                    : Simplify(await connection.Write(
                        EtcdCalls.AddLearner(peers.Select(Member.EtcdArguments.Text)), callLimit, cancel).ConfigureAwait(false));
                // Whatever came of it, the list decides in the next round.
                return step is Attempt<bool>.Answered
                    ? new Attempt<bool>.Failed(Failure.LeaderChanged, "the member list is read again")
                    : step;
            },
            within,
            cancel).ConfigureAwait(false);
        return (outcome, ours?.Id ?? 0, all);
    }

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads the list and takes a step until the step says that it is done, cannot be done (Compacted) or time is up.</summary>
    private async Task<EtcdOutcome> Repeat(
        Func<IReadOnlyList<EtcdMemberInfo>, Task<Attempt<bool>>> step, TimeSpan within, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(within);
        var why = "no member answered";
        var refused = false;
        while (!limit.IsCancellationRequested)
        {
            if (await Members(limit.Token).ConfigureAwait(false) is Observed<IReadOnlyList<EtcdMemberInfo>>.Known { Value: var members })
            {
                switch (await step(members).ConfigureAwait(false))
                {
                    case Attempt<bool>.Answered:
                        return new EtcdOutcome.Done();
                    case Attempt<bool>.Failed { Kind: Failure.Compacted } never:
                        return new EtcdOutcome.Refused(never.Why);
                    case Attempt<bool>.Failed { Kind: Failure.LeaderChanged }:
                        await EtcdConnection.Pause(TimeSpan.FromMilliseconds(10), limit.Token).ConfigureAwait(false);
                        continue;
                    case Attempt<bool>.Failed failed:
                        (why, refused) = (failed.Why, failed.Kind is Failure.Refused or Failure.NotSent);
                        break;
                }
            }
            await EtcdConnection.Pause(RetryPause, limit.Token).ConfigureAwait(false);
        }
        return refused ? new EtcdOutcome.Refused(why) : new EtcdOutcome.Unknown(why);
    }

    private static Attempt<bool> Simplify<T>(Attempt<T> attempt) => attempt switch
    {
        Attempt<T>.Answered => new Attempt<bool>.Answered(true),
        Attempt<T>.Failed failed => new Attempt<bool>.Failed(
            failed.Kind == Failure.Compacted ? Failure.Refused : failed.Kind, failed.Why),
        _ => throw new InvalidOperationException("An attempt is answered or failed."),
    };

    private static EtcdMemberInfo ToInfo(Wire.Member member) => new(
        member.ID, member.Name, [.. member.PeerURLs.Select(url => new Uri(url))], [.. member.ClientURLs.Select(url => new Uri(url))],
        member.IsLearner);
}
