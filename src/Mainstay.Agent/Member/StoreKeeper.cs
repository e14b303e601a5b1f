using Mainstay.Agent.Configuration;
using Mainstay.Contracts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Member;

/// <summary>
/// Keeps this host's part of the store: its etcd member runs, it becomes a learner and a voter when the cluster grows, and the list of
/// endpoints follows the membership. Every host takes only the steps that concern itself; removals are the leader's.
/// </summary>
internal sealed class StoreKeeper(
    AgentFile file,
    FileLayout layout,
    EtcdMember member,
    HardwareFile hardware,
    EtcdTls tls,
    EtcdStore store,
    Func<ClusterView> view,
    ILogger log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(20);
    private volatile IReadOnlyList<Uri> endpoints = Initial(file, layout);
    private volatile StoreMembership known = StoreMembership.Unknown;
    private volatile bool isSettled;
    private bool toldForeign;
    private (EtcdGrowthStep Step, string Members)? lastSeen;

    /// <summary>The store's members as last read.</summary>
    public StoreMembership Known => known;

    /// <summary>This host has no step to take for now.</summary>
    public bool IsSettled => isSettled;

    /// <summary>Where the store is reached.</summary>
    public IReadOnlyList<Uri> Endpoints => endpoints;

    public async Task Run(CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task? supervision = null;
        EtcdCluster? cluster = null;
        IReadOnlyList<Uri> asked = [];
        try
        {
            while (true)
            {
                if (supervision is null && member.WasSetUp && OwnsItsVote())
                    supervision = await Resume(end.Token).ConfigureAwait(false);
                if (supervision is { IsCompleted: true })
                    await supervision.ConfigureAwait(false);
                if (cluster is null || asked != endpoints)
                {
                    if (cluster is not null)
                        await cluster.DisposeAsync().ConfigureAwait(false);
                    asked = endpoints;
                    cluster = new EtcdCluster(asked, tls);
                }

                var before = view();
                var progress = await Step(cluster, cancel).ConfigureAwait(false);
                isSettled = progress == Progress.Settled;
                await Pause(progress, before, cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            if (cluster is not null)
                await cluster.DisposeAsync().ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            if (supervision is not null)
                await supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>As kept from the last run, or this host's own member.</summary>
    public static IReadOnlyList<Uri> Initial(AgentFile file, FileLayout layout) =>
        StoreEndpoints.Load(layout) is { Count: > 0 } kept ? kept : [.. file.Addresses.Select(a => new UriBuilder("https", a, 7782).Uri)];

    /// <summary>
    /// S3: a copy of this disk in another machine must not vote in the name of the first. Its member is started when this machine has a
    /// session.
    /// </summary>
    private bool OwnsItsVote()
    {
        if (HasJoined(view()) || !hardware.IsForeign(out var why))
        {
            hardware.Take();
            return true;
        }

        if (!toldForeign)
            AgentLog.StoreMemberTrouble(log, why);
        toldForeign = true;
        return false;
    }

    /// <summary>The host's session is this machine's.</summary>
    private bool HasJoined(ClusterView current) =>
        current.Sessions.GetValueOrDefault(new HostId(file.Host))?.Value is { State: SessionState.Online } session
        && session.Boot == HostFacts.Boot;

    private async Task<Task> Resume(CancellationToken cancel)
    {
        Tell("resume", await member.Resume(cancel).ConfigureAwait(false));
        return Supervise(cancel);
    }

    private async Task Supervise(CancellationToken cancel)
    {
        await foreach (var news in member.Supervise(cancel).ConfigureAwait(false))
        {
            switch (news)
            {
                case EtcdMemberNews.Adopted n:
                    AgentLog.StoreMember(log, $"runs on as process {n.Pid}");
                    break;
                case EtcdMemberNews.Started n:
                    AgentLog.StoreMember(log, $"started as process {n.Pid}");
                    break;
                case EtcdMemberNews.Died n:
                    AgentLog.StoreMemberTrouble(log, $"ended: {n.Why}");
                    break;
                case EtcdMemberNews.NotStarted n:
                    AgentLog.StoreMemberTrouble(log, $"not started: {n.Why}");
                    break;
            }
        }
    }

    /// <summary>
    /// A step is followed by the next one at once. A host that came, went or was taken out may be what the next step waited for.
    /// </summary>
    private async Task Pause(Progress progress, ClusterView before, CancellationToken cancel)
    {
        var limit = progress switch
        {
            Progress.Went => TimeSpan.Zero,
            Progress.Waits => Soon,
            Progress.Failed => Busy,
            Progress.Settled => Settled,
        };
        var seen = view();
        for (var left = limit; left > TimeSpan.Zero; left -= Look)
        {
            await Task.Delay(left < Look ? left : Look, cancel).ConfigureAwait(false);
            var now = view();
            if (!ReferenceEquals(now, seen)
                && !(Alive(now).SequenceEqual(Alive(before)) && now.Hosts.Keys.SequenceEqual(before.Hosts.Keys)))
                return;
            seen = now;
        }
    }

    /// <summary>The hosts with a session, in the order in which they shall get a vote.</summary>
    private static string[] Alive(ClusterView current) =>
    [
        .. current.Hosts.Where(h => current.OnlineSession(h.Key) is not null).OrderBy(h => h.Value.Value.Number).Select(h => h.Key.Name),
    ];

    /// <summary>One look and at most one step.</summary>
    private async Task<Progress> Step(EtcdCluster cluster, CancellationToken cancel)
    {
        if (await cluster.Members(cancel).ConfigureAwait(false) is not Observed<IReadOnlyList<EtcdMemberInfo>>.Known { Value: var members })
            return Progress.Failed;
        Follow(members);
        var current = view();
        if (!current.Loaded || !current.Hosts.ContainsKey(new HostId(file.Host)))
            return Progress.Waits;
        var alive = Alive(current);
        var departed = await Departed(current, members, cancel).ConfigureAwait(false);
        string[] lost = HasJoined(current) && member.IsBlank && members.Any(m => m.Name == file.Host) ? [file.Host] : [];
        var next = EtcdGrowth.Next(alive, [.. current.Hosts.Keys.Select(host => host.Name)], departed, lost, members);
        if (next is not null && !IsSeenTwice(next, members))
            return Progress.Waits;
        switch (next)
        {
            case null:
                return Progress.Settled;
            case EtcdGrowthStep.AddLearner step when step.Host == file.Host:
                return Tell("join as learner", await Limited(c => member.JoinAsLearner(cluster, c), cancel).ConfigureAwait(false));
            case EtcdGrowthStep.Promote step when step.Host == file.Host:
                return Tell("become a voter", await cluster.Promote(IdOf(members, step.Host), StepLimit, cancel).ConfigureAwait(false));
            case EtcdGrowthStep.Remove step when current.Leader?.Value.Holder.Host.Name == file.Host:
                return Tell($"remove {step.Host}", await cluster.Remove(IdOf(members, step.Host), StepLimit, cancel).ConfigureAwait(false));
            default:
                return alive.Length > 0 && members.Any(m => m.Name == file.Host && !m.IsLearner) ? Progress.Settled : Progress.Waits;
        }
    }

    /// <summary>etcd answers from what it has applied so far: a member that has just begun does not know of all others yet.</summary>
    private bool IsSeenTwice(EtcdGrowthStep step, IReadOnlyList<EtcdMemberInfo> members)
    {
        var seen = (step, string.Join(' ', members.Select(m => $"{m.Id:x}/{m.Name}/{m.IsLearner}")));
        var twice = seen == lastSeen;
        lastSeen = seen;
        return twice;
    }

    /// <summary>
    /// Members of the store whose hosts were taken out of the cluster, by a fresh reading: the host of a new member may not be known here
    /// yet. The last vote is never taken away.
    /// </summary>
    private async Task<IReadOnlyList<string>> Departed(
        ClusterView current, IReadOnlyList<EtcdMemberInfo> members, CancellationToken cancel)
    {
        string[] unknown =
        [
            .. members.Where(m => m.HasStarted && !current.Hosts.ContainsKey(new HostId(m.Name))).Select(m => m.Name)
                .Where(name => members.Any(m => m.Name != name && !m.IsLearner)),
        ];
        if (unknown.Length == 0 || current.Leader?.Value.Holder.Host.Name != file.Host)
            return [];
        string[] keys = [.. unknown.Select(name => new StoreKey.Host(new HostId(name)).ToString())];
        return await store.Read(keys, cancel).ConfigureAwait(false) is Observed<RawSnapshot>.Known { Value.Entries: var entries }
            ? [.. unknown.Where((_, i) => entries[i].Value is null)]
            : [];
    }

    /// <summary>Own member first, then every other by its best address, then their other addresses.</summary>
    private void Follow(IReadOnlyList<EtcdMemberInfo> members)
    {
        known = new StoreMembership(members);
        Uri[] found =
        [
            .. members.Where(m => m.HasStarted)
                .SelectMany(m => m.ClientEndpoints.Select((uri, rank) => (uri, rank: m.Name == file.Host ? -1 : rank, m.Name)))
                .OrderBy(e => e.rank)
                .ThenBy(e => e.Name, StringComparer.Ordinal)
                .Select(e => e.uri),
        ];
        if (found.Length == 0 || found.SequenceEqual(endpoints))
            return;
        endpoints = found;
        store.UseEndpoints(found);
        try
        {
            StoreEndpoints.Save(layout, found);
        }
        catch (IOException full)
        {
            // Only the next start of this agent asks the file; it then asks members that were known before.
            AgentLog.StoreMemberTrouble(log, $"its endpoints cannot be written down: {full.Message}");
        }
    }

    private static ulong IdOf(IReadOnlyList<EtcdMemberInfo> members, string host) => members.First(m => m.Name == host).Id;

    private static async Task<EtcdOutcome> Limited(Func<CancellationToken, Task<EtcdOutcome>> step, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(StepLimit + StepLimit);
        return await step(limit.Token).ConfigureAwait(false);
    }

    /// <summary>Into the log, and whether it went.</summary>
    private Progress Tell(string step, EtcdOutcome outcome)
    {
        switch (outcome)
        {
            case EtcdOutcome.Refused refused:
                AgentLog.StoreMemberTrouble(log, $"{step}: {refused.Why}");
                return Progress.Failed;
            case EtcdOutcome.Unknown unknown:
                AgentLog.StoreMemberTrouble(log, $"{step}: {unknown.Why}");
                return Progress.Failed;
            default:
                AgentLog.StoreMember(log, $"{step}: done");
                return Progress.Went;
        }
    }

    private enum Progress
    {
        /// <summary>Nothing is to be done for now.</summary>
        Settled,

        /// <summary>The next step is another host's, or is not known yet.</summary>
        Waits,

        Went,
        Failed,
    }
}
