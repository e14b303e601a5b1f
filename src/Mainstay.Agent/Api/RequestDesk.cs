using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Api;

/// <summary>Takes requests to the node of the host that has to answer them: this one's, or another's by way of its agent.</summary>
internal sealed class RequestDesk(ClusterMember member, StorageGate gate)
{
    private const int MostPreferred = 32;

    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(3500);

    public Task<RequestReply> Release(ReleaseRequest request, CancellationToken cancel)
    {
        var own = member.Shell.Sight.View.Ownerships.GetValueOrDefault(new GroupId(request.Guest))?.Value;
        return own is not null && OwnerOf(own) is { } owner && owner != member.Self
            ? Forward(owner, "release", request, ApiJson.Default.ReleaseRequest, cancel)
            : ReleaseHere(request, cancel);
    }

    public Task<RequestReply> ReleaseHere(ReleaseRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.Release(new GroupId(request.Guest)), cancel);

    public async Task<RequestReply> ProtectHere(ProtectRequest request, CancellationToken cancel)
    {
        var wanted = new AdminRequest.Protect(new GroupId(request.Guest ?? ""), PolicyOf(request.OnGuestShutdown))
        {
            OnIsolation = IsolationOf(request.OnIsolation),
            StorageProof = StorageProofOf(request.StorageProof),
            OnRepeatedLoss = RepeatedLossOf(request.OnRepeatedLoss),
            Tier = TierOf(request.Tier),
            Yields = YieldsOf(request.Yields),
            TakesOver = request.TakeOver,
            Override = request.Override ?? "",
        };
        var against = wanted.StorageProof == StorageProofPolicy.Always
            ? await gate.AgainstAlwaysHere(wanted.Group, cancel).ConfigureAwait(false)
            : null;
        return await AskUnless(against, wanted, cancel).ConfigureAwait(false);
    }

    public async Task<RequestReply> Policy(PolicyRequest request, CancellationToken cancel)
    {
        var wanted = new AdminRequest.SetPolicy(new GroupId(request.Guest))
        {
            OnGuestShutdown = request.OnGuestShutdown is { } onShutdown ? PolicyOf(onShutdown) : null,
            OnIsolation = request.OnIsolation is { } onIsolation ? IsolationOf(onIsolation) : null,
            StorageProof = request.StorageProof is { } proof ? StorageProofOf(proof) : null,
            OnRepeatedLoss = request.OnRepeatedLoss is { } onLoss ? RepeatedLossOf(onLoss) : null,
            Tier = request.Tier is { } tier ? TierOf(tier) : null,
            Yields = request.Yields is { } yields ? YieldsOf(yields) : null,
            Prefers = request.Prefer?.Take(MostPreferred).Select(host => new HostId(host)).ToValueList(),
            Failback = request.Failback is { } failback ? FailbackOf(failback) : null,
            RecoveryBudget = request.RecoveryBudgetMs is { } budget ? BudgetOf(budget) : null,
        };
        var against = wanted.StorageProof == StorageProofPolicy.Always
            ? await gate.AgainstAlways(wanted.Group, cancel).ConfigureAwait(false)
            : null;
        return await AskUnless(against, wanted, cancel).ConfigureAwait(false);
    }

    public Task<RequestReply> ProtectAt(HostId host, ProtectRequest request, CancellationToken cancel) => host == member.Self
        ? ProtectHere(request, cancel)
        : Forward(host, "protect", request, ApiJson.Default.ProtectRequest, cancel);

    public Task<RequestReply> Start(StartRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.Start(new GroupId(request.Guest), HostOf(request.Host))
        {
            TakesOver = request.TakeOver,
            Override = request.Override ?? "",
        }, cancel);

    public Task<RequestReply> Stop(StopRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.Stop(new GroupId(request.Guest), request.Force), cancel);

    public Task<RequestReply> Move(MoveRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.Move(new GroupId(request.Guest), HostOf(request.Host)) { Override = request.Override ?? "" }, cancel);

    public Task<RequestReply> Capacity(CapacityRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.SetCapacity(request.HostLosses, request.Domains?.Order(StringComparer.Ordinal).ToValueList()), cancel);

    public Task<RequestReply> ConfirmDead(ConfirmDeadRequest request, CancellationToken cancel) => request.Typed == request.Host
        ? Ask(new AdminRequest.ConfirmDead(new HostId(request.Host), request.By, request.Reason) { Session = SeenIn(request) }, cancel)
        : Refused($"the typed name '{request.Typed}' is not '{request.Host}'; nothing was changed");

    private static SessionId? SeenIn(ConfirmDeadRequest request) =>
        request.Session is null ? null
        : SessionId.TryParse(request.Session, out var session) ? session
        : throw new MalformedException($"'{request.Session}' is no session; it has 16 hexadecimal digits, as in mainstay status --json");

    public Task<RequestReply> Arm(bool armed, ArmRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.SetArmed(armed, request.Reason), cancel);

    public Task<RequestReply> Profile(ProfileRequest request, CancellationToken cancel) =>
        StoredWords.Profile(request.Profile) is { } profile
            ? Ask(new AdminRequest.SetProfile(profile, request.Anyway), cancel)
            : throw new MalformedException($"there is no profile '{request.Profile}'; give aggressive, balanced or conservative");

    public Task<RequestReply> Overcommit(OvercommitRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.SetOvercommit(request.VcpusPerCpu), cancel);

    public Task<RequestReply> Maintenance(MaintenanceRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.SetMaintenance(new HostId(request.Host), request.On)
        {
            Drain = request.Drain,
            Override = request.Override,
        }, cancel);

    public Task<RequestReply> Quarantine(QuarantineRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.SetQuarantine(new HostId(request.Host), request.On, request.Reason), cancel);

    public Task<RequestReply> Leave(LeaveRequest request, CancellationToken cancel) =>
        StoredWords.Leave(request.Policy) is { } policy
            ? Ask(new AdminRequest.Leave(member.Self, policy), cancel)
            : throw new MalformedException($"there is no policy '{request.Policy}'; give move or keep");

    /// <summary>A live host is removed by its own agent: only that one knows what it is about to take over.</summary>
    public Task<RequestReply> Remove(RemoveRequest request, CancellationToken cancel)
    {
        var host = new HostId(request.Host);
        if (member.Keeper.Known.OnlyVoter == request.Host && member.Shell.Sight.View.Hosts.Count > 1)
            return Refused(
                $"{host} has the only vote of the store; with three hosts there are three votes. Add a host first (mainstay token), "
                + "or begin anew elsewhere");
        return host != member.Self && !member.Shell.Sight.View.IsWitness(host)
            && member.Shell.Sight.View.OnlineSession(host) is not null
            ? Forward(host, "remove", request, ApiJson.Default.RemoveRequest, cancel)
            : RemoveHere(request, cancel);
    }

    public Task<RequestReply> RemoveHere(RemoveRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.RemoveHost(new HostId(request.Host), request.Force), cancel);

    public async Task<RequestReply> FenceSet(FenceSetRequest request, CancellationToken cancel)
    {
        var method = new FenceMethod(
            request.Name ?? request.Agent,
            request.Agent,
            request.Options.OrderBy(o =>
                o.Key, StringComparer.Ordinal).Select(o => new FenceOption(o.Key, o.Value, Secret: false)).ToValueList());
        return await member.Fences.Check(method, cancel).ConfigureAwait(false) switch
        {
            FenceMethodCheck.Valid valid =>
                await Ask(new AdminRequest.SetFenceMethod(new HostId(request.Host), valid.Method), cancel).ConfigureAwait(false),
            FenceMethodCheck.Invalid invalid => RequestReply.Refused(string.Join("; ", invalid.Findings)),
            _ => throw new InvalidOperationException("A check is valid or invalid."),
        };
    }

    public Task<RequestReply> FenceRemove(FenceRemoveRequest request, CancellationToken cancel) =>
        Ask(new AdminRequest.RemoveFenceMethod(new HostId(request.Host), request.Name), cancel);

    public async Task<FenceTestReply> FenceTest(FenceTestRequest request, CancellationToken cancel)
    {
        var host = new HostId(request.Host);
        if (!member.Shell.Sight.View.Hosts.TryGetValue(host, out var config))
            throw new AgentException(
                $"there is no host named {request.Host}; hosts: {string.Join(", ", member.Shell.Sight.View.Hosts.Keys)}");
        var methods = config.Value.FenceMethods.Where(m => request.Name is null || m.Name == request.Name).ToArray();
        if (methods.Length == 0)
            throw new AgentException(request.Name is null
                ? $"{host} has no fence method: no proof of death possible; set one with mainstay fence set {host}"
                : $"{host} has no fence method named {request.Name}; it has: "
                    + $"{string.Join(", ", config.Value.FenceMethods.Select(m => m.Name))}");
        var results = await Task.WhenAll(methods.Select(m => member.Tests.Test(host, m, cancel))).ConfigureAwait(false);
        var ready = results.Any(r => r.Ok);
        return new FenceTestReply
        {
            Host = host.Name,
            Ready = ready,
            Text = ready ? $"the death of {host} can be proved" : $"{host} is at risk: no proof of death possible",
            Methods = results,
        };
    }

    public static GuestShutdownPolicy PolicyOf(string word) => StoredWords.OnShutdown(word)
        ?? throw new MalformedException($"there is no policy '{word}'; give stay_down or restart");

    private static IsolationPolicy IsolationOf(string word) => StoredWords.Isolation(word)
        ?? throw new MalformedException($"there is no policy '{word}'; give freeze_then_kill, keep or shutdown");

    private static StorageProofPolicy StorageProofOf(string word) => StoredWords.StorageProof(word)
        ?? throw new MalformedException($"there is no policy '{word}'; give frozen, never or always");

    private static RepeatedLossPolicy RepeatedLossOf(string word) => StoredWords.RepeatedLoss(word)
        ?? throw new MalformedException($"there is no policy '{word}'; give hold or restart");

    private static int TierOf(int tier) => tier is >= 0 and <= GroupSpec.LastTier
        ? tier
        : throw new MalformedException($"there is no tier {tier}; give 0 (served first) to {GroupSpec.LastTier}");

    private static Failback FailbackOf(string word) => Failback.Parse(word)
        ?? throw new MalformedException($"there is no failback '{word}'; give never, idle or window=22:00-05:00");

    private static TimeSpan BudgetOf(long milliseconds) => milliseconds is >= 0 and <= 86_400_000
        ? TimeSpan.FromMilliseconds(milliseconds)
        : throw new MalformedException($"a recovery budget of {milliseconds} ms cannot be; give up to 86400000 (a day), or 0 for none");

    private static Yielding YieldsOf(string word) => StoredWords.Yields(word)
        ?? throw new MalformedException($"a guest does not yield '{word}'; give never, moves or stops");

    public static HostId? OwnerOf(OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Claimed p => p.Owner.Host,
        OwnershipPhase.Releasing p => p.Owner.Host,
        OwnershipPhase.Migrating p => p.Owner.Host,
        _ => null,
    };

    private static HostId? HostOf(string? name) => name is null ? null : new HostId(name);

    private static Task<RequestReply> Refused(string why) => Task.FromResult(RequestReply.Refused(why));

    private Task<RequestReply> AskUnless(string? against, AdminRequest request, CancellationToken cancel) =>
        against is null ? Ask(request, cancel) : Refused(against);

    public async Task<RequestReply> Ask(AdminRequest request, CancellationToken cancel) =>
        await member.Shell.Ask(request, Limit, cancel).ConfigureAwait(false) switch
        {
            AdminReply.Accepted reply => new RequestReply { Outcome = RequestOutcome.Accepted, Text = reply.What },
            AdminReply.Refused reply => RequestReply.Refused(reply.Why),
            AdminReply.Unknown reply => new RequestReply { Outcome = RequestOutcome.Unknown, Text = reply.Why },
            _ => throw new InvalidOperationException("A reply is accepted, refused or unknown."),
        };

    private async Task<RequestReply> Forward<T>(HostId host, string verb, T request, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        if (!member.Shell.Sight.View.Hosts.TryGetValue(host, out var config))
            return await Refused($"{host} is no member any more").ConfigureAwait(false);
        var body = JsonSerializer.SerializeToUtf8Bytes(request, type);
        var answer = await member.Peers.Post(
            config.Value, $"{ApiPaths.Forwarded}/{verb}", body, ApiJson.Default.RequestReply, Limit, cancel).ConfigureAwait(false);
        return answer switch
        {
            PeerAnswer<RequestReply>.Answered reply => reply.Value,
            PeerAnswer<RequestReply>.Refused reply => RequestReply.Refused($"{host}: {reply.Why}"),
            PeerAnswer<RequestReply>.NotRunning =>
                RequestReply.Refused($"the agent of {host} is not running; start it there and ask again"),
            PeerAnswer<RequestReply>.Silent silent => new RequestReply
            {
                Outcome = RequestOutcome.Unknown,
                Text = $"{host} did not answer ({silent.Why}); look with mainstay status before asking again",
            },
            _ => throw new InvalidOperationException("Unknown answer of a peer."),
        };
    }
}
