using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Api;

/// <summary>The endpoints of a member: what people and other agents ask.</summary>
internal sealed class MemberApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(4500);
    private static readonly TimeSpan SlowLimit = TimeSpan.FromSeconds(30);
    private readonly ClusterMember member;
    private readonly PeerRound round;
    private readonly RequestDesk desk;
    private readonly ProtectDesk protect;
    private readonly StorageDesk storages;
    private readonly RuleDesk rules;
    private readonly WatchdogDesk watchdogs;
    private readonly EventFeed events;
    private readonly Explainer explainer;
    private readonly string version;
    private readonly ILogger log;
    private readonly (string Method, string Path, RequestDelegate Handle)[] local;

    public MemberApi(ClusterMember member, string version, ILogger log)
    {
        (this.member, this.version, this.log) = (member, version, log);
        round = new PeerRound(member, version);
        var gate = new StorageGate(member, round);
        desk = new RequestDesk(member, gate);
        protect = new ProtectDesk(member, round, desk);
        storages = new StorageDesk(member, desk, gate);
        rules = new RuleDesk(desk);
        watchdogs = new WatchdogDesk(member, round);
        events = new EventFeed(member.Self, member.Journal, member.Peers, () => member.Others, member.Time);
        explainer = new Explainer(member, events);
        local = [.. Endpoints()];
    }

    /// <summary>For people of this host and for other agents.</summary>
    public IEnumerable<(string Method, string Path, RequestDelegate Handle)> Endpoints() =>
    [
        ("GET", ApiPaths.Status, http => Within(http, Limit, async c => await Answers.Write(
            http, await Status(c).ConfigureAwait(false), ApiJson.Default.StatusReply).ConfigureAwait(false))),
        ("GET", ApiPaths.Events, http => Stream(http, all: true)),
        ("GET", ApiPaths.Explain + "/{guest}", http => Within(http, Limit, c => Explain(http, c))),
        ("GET", ApiPaths.Check, http => Within(http, Limit, c => Check(http, c))),
        ("POST", ApiPaths.Token, http => Within(http, Limit, c => Token(http, c))),
        ("POST", ApiPaths.FenceTest, http => Within(http, SlowLimit, c => FenceTest(http, c))),
        Request(ApiPaths.Protect, ApiJson.Default.ProtectRequest, protect.Protect, SlowLimit),
        Request(ApiPaths.Release, ApiJson.Default.ReleaseRequest, desk.Release),
        Request(ApiPaths.Policy, ApiJson.Default.PolicyRequest, desk.Policy, SlowLimit),
        Request(ApiPaths.Start, ApiJson.Default.StartRequest, desk.Start),
        Request(ApiPaths.Stop, ApiJson.Default.StopRequest, desk.Stop),
        Request(ApiPaths.Move, ApiJson.Default.MoveRequest, desk.Move),
        Request(ApiPaths.ConfirmDead, ApiJson.Default.ConfirmDeadRequest, desk.ConfirmDead),
        Request(ApiPaths.Arm, ApiJson.Default.ArmRequest, (r, c) => desk.Arm(true, r, c)),
        Request(ApiPaths.Disarm, ApiJson.Default.ArmRequest, (r, c) => desk.Arm(false, r, c)),
        Request(ApiPaths.Capacity, ApiJson.Default.CapacityRequest, desk.Capacity),
        ("GET", ApiPaths.Snapshot, http => Within(http, Limit, _ => Answers.Write(
            http, SnapshotBuilder.Build(member, version), ApiJson.Default.SnapshotReply))),
        Request(ApiPaths.Profile, ApiJson.Default.ProfileRequest, desk.Profile),
        Request(ApiPaths.Maintenance, ApiJson.Default.MaintenanceRequest, desk.Maintenance),
        Request(ApiPaths.Quarantine, ApiJson.Default.QuarantineRequest, desk.Quarantine),
        Request(ApiPaths.Overcommit, ApiJson.Default.OvercommitRequest, desk.Overcommit),
        Request(ApiPaths.RuleSet, ApiJson.Default.RuleSetRequest, rules.Set),
        Request(ApiPaths.RuleRemove, ApiJson.Default.RuleRemoveRequest, rules.Remove),
        Request(ApiPaths.HostLabel, ApiJson.Default.LabelRequest, rules.Label),
        Request(ApiPaths.Leave, ApiJson.Default.LeaveRequest, desk.Leave),
        Request(ApiPaths.Remove, ApiJson.Default.RemoveRequest, desk.Remove),
        Request(ApiPaths.FenceSet, ApiJson.Default.FenceSetRequest, desk.FenceSet, SlowLimit),
        Request(ApiPaths.FenceRemove, ApiJson.Default.FenceRemoveRequest, desk.FenceRemove),
        ("POST", ApiPaths.StorageTest, http => Within(http, SlowLimit, c => StorageTest(http, c))),
        ("GET", ApiPaths.Watchdog, http => Within(http, Limit, async c => await Answers.Write(
            http, await watchdogs.Show(c).ConfigureAwait(false), ApiJson.Default.WatchdogReply).ConfigureAwait(false))),
        Request(ApiPaths.WatchdogMeasure, ApiJson.Default.WatchdogMeasureRequest, watchdogs.Measure),
        Request(ApiPaths.StorageSet, ApiJson.Default.StorageSetRequest, storages.Set, SlowLimit),
        Request(ApiPaths.StorageRemove, ApiJson.Default.StorageRemoveRequest, storages.Remove),
    ];

    /// <summary>For other agents only.</summary>
    public IEnumerable<(string Method, string Path, RequestDelegate Handle)> PeerEndpoints() =>
    [
        ("GET", ApiPaths.Local, http => Within(http, Limit, async c => await Answers.Write(
            http, await round.Local(c).ConfigureAwait(false), ApiJson.Default.LocalReply).ConfigureAwait(false))),
        ("GET", ApiPaths.Journal, http => Stream(http, all: false)),
        Request(ApiPaths.Forwarded + "/protect", ApiJson.Default.ProtectRequest, desk.ProtectHere),
        Request(ApiPaths.Forwarded + "/release", ApiJson.Default.ReleaseRequest, desk.ReleaseHere),
        Request(ApiPaths.Forwarded + "/remove", ApiJson.Default.RemoveRequest, desk.RemoveHere),
    ];

    /// <summary>For machines that are not members yet: no client certificate.</summary>
    public IEnumerable<(string Method, string Path, RequestDelegate Handle)> OpenEndpoints(string authorityFile) =>
    [
        ("GET", ApiPaths.Authority, http => Within(http, Limit, async c => await Answers.Write(
            http,
            new AuthorityReply { Certificate = await File.ReadAllTextAsync(authorityFile, c).ConfigureAwait(false) },
            ApiJson.Default.AuthorityReply).ConfigureAwait(false))),
        ("POST", ApiPaths.Admit, http => Within(http, SlowLimit, async c => await Answers.Write(
            http,
            await member.Admission.Admit(await Answers.Body(http, ApiJson.Default.AdmitRequest, c).ConfigureAwait(false), c)
                .ConfigureAwait(false),
            ApiJson.Default.AdmitReply).ConfigureAwait(false))),
    ];

    public async Task<TokenReply> NewToken(TimeSpan valid, CancellationToken cancel) =>
        await member.Admission.Issue(valid, cancel).ConfigureAwait(false);

    /// <summary>Finds the endpoint of a local request.</summary>
    public Task Dispatch(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        foreach (var (method, known, handle) in local)
        {
            var fits = known.EndsWith("/{guest}", StringComparison.Ordinal)
                ? path.StartsWith(known[..^"{guest}".Length], StringComparison.Ordinal)
                : path == known;
            if (method == http.Request.Method && fits)
                return handle(http);
        }

        return Answers.Error(http, StatusCodes.Status404NotFound, "not_found", $"the API has no {http.Request.Method} {path}");
    }

    private async Task<StatusReply> Status(CancellationToken cancel)
    {
        var answers = await round.Ask(cancel).ConfigureAwait(false);
        var shell = member.Shell;
        return new StatusBuilder(member.Self, shell.Sight, shell.Now, member.Keeper.Known, answers)
            .Build(member.File.Cluster, member.File.ClusterId, version);
    }

    private async Task Check(HttpContext http, CancellationToken cancel)
    {
        string? name = http.Request.Query["profile"];
        var profile = name is null ? (TimingProfile?)null : StoredWords.Profile(name)
            ?? throw new MalformedException($"there is no profile '{name}'; give aggressive, balanced or conservative");
        var answers = await round.Ask(cancel).ConfigureAwait(false);
        var reply = CheckBuilder.Build(member.Shell.Sight.View, profile, member.Keeper.Known, answers);
        await Answers.Write(http, reply, ApiJson.Default.CheckReply).ConfigureAwait(false);
    }

    private async Task Explain(HttpContext http, CancellationToken cancel)
    {
        var name = Uri.UnescapeDataString((http.Request.Path.Value ?? "")[(ApiPaths.Explain.Length + 1)..]);
        if (!member.Shell.Sight.View.Groups.ContainsKey(new GroupId(name)))
        {
            await Answers.Error(
                http, StatusCodes.Status404NotFound, "not_found", $"no guest named {name} is protected; see mainstay status")
                .ConfigureAwait(false);
            return;
        }

        var status = await Status(cancel).ConfigureAwait(false);
        var reply = await explainer.Explain(name, http.Request.Query["on"], status, cancel).ConfigureAwait(false);
        await Answers.Write(http, reply, ApiJson.Default.ExplainReply).ConfigureAwait(false);
    }

    private async Task Token(HttpContext http, CancellationToken cancel)
    {
        var request = await Answers.Body(http, ApiJson.Default.TokenRequest, cancel).ConfigureAwait(false);
        if (request.ValidMinutes is < 1 or > 10_080)
            throw new MalformedException($"valid_minutes={request.ValidMinutes}: give 1 to 10080");
        var token = await NewToken(TimeSpan.FromMinutes(request.ValidMinutes), cancel).ConfigureAwait(false);
        await Answers.Write(http, token, ApiJson.Default.TokenReply).ConfigureAwait(false);
    }

    private async Task FenceTest(HttpContext http, CancellationToken cancel)
    {
        var request = await Answers.Body(http, ApiJson.Default.FenceTestRequest, cancel).ConfigureAwait(false);
        await Answers.Write(http, await desk.FenceTest(request, cancel).ConfigureAwait(false), ApiJson.Default.FenceTestReply)
            .ConfigureAwait(false);
    }

    private async Task StorageTest(HttpContext http, CancellationToken cancel)
    {
        var request = await Answers.Body(http, ApiJson.Default.StorageTestRequest, cancel).ConfigureAwait(false);
        await Answers.Write(http, await storages.Test(request, cancel).ConfigureAwait(false), ApiJson.Default.StorageTestReply)
            .ConfigureAwait(false);
    }

    private (string Method, string Path, RequestDelegate Handle) Request<T>(
        string path, JsonTypeInfo<T> type, Func<T, CancellationToken, Task<RequestReply>> ask, TimeSpan? limit = null) =>
        ("POST", path, http => Within(http, limit ?? Limit, async c => await Answers.Reply(
            http, await ask(await Answers.Body(http, type, c).ConfigureAwait(false), c).ConfigureAwait(false)).ConfigureAwait(false)));

    private async Task Stream(HttpContext http, bool all)
    {
        EventQuery query;
        try
        {
            query = EventQuery.Parse(http.Request.Query);
        }
        catch (MalformedException e)
        {
            await Answers.Error(http, StatusCodes.Status400BadRequest, "malformed", e.Message).ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = "application/x-ndjson";
        try
        {
            await foreach (var entry in Entries(query, all, http.RequestAborted).ConfigureAwait(false))
                await Line(http, entry).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The follower has gone.
        }
    }

    private IAsyncEnumerable<EventEntry?> Entries(EventQuery query, bool all, CancellationToken cancel) => (all, query.Follow) switch
    {
        (true, true) => events.Follow(query, cancel),
        (true, false) => Whole(events.Gather(query, cancel)),
        (false, true) => Own(query, cancel),
        (false, false) => Whole(Task.FromResult(member.Journal.ReadLast(query.Last, query.Wants))),
    };

    private static async IAsyncEnumerable<EventEntry?> Whole(Task<IReadOnlyList<EventEntry>> gathered)
    {
        foreach (var entry in await gathered.ConfigureAwait(false))
            yield return entry;
    }

    /// <summary>A follower must be able to tell a quiet host from a dead one.</summary>
    private IAsyncEnumerable<EventEntry?> Own(EventQuery query, CancellationToken cancel) =>
        Pulse.With(c => member.Journal.Follow(query.Last, query.Wants, c), EventFeed.Heartbeat, cancel);

    private static async Task Line(HttpContext http, EventEntry? entry)
    {
        if (entry is not null)
            await JsonSerializer.SerializeAsync(http.Response.Body, entry, ApiJson.Default.EventEntry, http.RequestAborted)
                .ConfigureAwait(false);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }

    private Task Within(HttpContext http, TimeSpan limit, Func<CancellationToken, Task> handle) => Answers.Within(http, limit, log, handle);
}
