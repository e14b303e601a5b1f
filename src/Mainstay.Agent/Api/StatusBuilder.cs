using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Capacity;
using Mainstay.Core.Health;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Engine.Shell;

namespace Mainstay.Agent.Api;

/// <summary>Puts the status together from what this agent sees and what the others said of themselves. Pure.</summary>
internal sealed class StatusBuilder
{
    private readonly HostId self;
    private readonly ShellSight sight;
    private readonly Instant now;
    private readonly StoreMembership store;
    private readonly IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers;
    private readonly Dictionary<(string Host, string Method), FenceTestResult> tests = [];

    public StatusBuilder(
        HostId self, ShellSight sight, Instant now, StoreMembership store, IReadOnlyDictionary<HostId, PeerAnswer<LocalReply>> answers)
    {
        (this.self, this.sight, this.now, this.store, this.answers) = (self, sight, now, store, answers);
        foreach (var test in answers.Values.OfType<PeerAnswer<LocalReply>.Answered>().SelectMany(a => a.Value.FenceTests))
        {
            var key = (test.Host, test.Result.Method);
            if (!tests.TryGetValue(key, out var known) || known.At < test.Result.At)
                tests[key] = test.Result;
        }
    }

    private ClusterView View => sight.View;

    private HostId? Leader => View.Leader?.Value.Holder is { } holder && View.IsOnline(holder) ? holder.Host : null;

    public StatusReply Build(string cluster, string clusterId, string version)
    {
        var local = LocalDisks();
        var standings = StandingBoard.Of(new StandingInputs(View, StoreFault(), QuorumFault, ProofFault, HostFault)
        {
            DiskFault = group => local.GetValueOrDefault(group),
        });
        var hosts = View.Hosts.Select(h => Host(h.Key, h.Value.Value)).ToArray();
        var findings = CheckBuilder.Build(View, null, store, answers).Findings;
        var capacity = CapacityBoard.Of(View, HostFault);
        var refused = findings.Count(finding => finding.Severity == "refuse");
        return new StatusReply
        {
            Cluster = new ClusterStatus
            {
                Name = View.Settings?.Value.Name ?? cluster,
                Id = View.Settings?.Value.ClusterId ?? clusterId,
                AnsweredBy = self.Name,
                Version = version,
                Armed = View.Armed,
                DisarmReason = View.Armed ? null : View.Settings?.Value.DisarmReason,
                Profile = StoredWords.Of(View.Settings?.Value.Profile ?? TimingProfile.Balanced),
                VcpusPerCpu = View.Settings?.Value.VcpusPerCpu ?? ClusterSettings.DefaultVcpusPerCpu,
                Leader = Leader?.Name,
                Quorum = sight.StoreReachable,
                QuorumWhy = StoreFault(),
                Capacity = capacity.Standing.ToString().ToLowerInvariant(),
                CapacityWhy = capacity.Why,
                CheckRefused = refused,
                CheckWarnings = findings.Count - refused,
                LastFailover = RecoveryList.Last(View),
                Revision = sight.Revision,
            },
            Hosts = hosts,
            Guests =
            [
                .. View.Groups.Select(g => GuestStates.Of(
                    g.Key, g.Value.Value, OwnershipOf(g.Key), View.IsSuspended(g.Key), standings[g.Key], answers) with
                {
                    Recoveries = RecoveryList.Of(View, g.Key),
                }),
            ],
            Storages = ProofList.Storages(View),
            Rules = RuleDesk.Told(View),
            Warnings = [.. Warnings(hosts)],
        };
    }

    private Dictionary<GroupId, string> LocalDisks()
    {
        var faults = new Dictionary<GroupId, string>();
        foreach (var (owner, disk, reach) in new StorageReach(View, CheckBuilder.Readings(answers)).Doubtful())
        {
            if (reach is DiskReach.OneHost)
                faults.TryAdd(disk.Guest, StorageReach.Fault(owner, disk));
        }

        return faults;
    }

    private OwnershipRecord? OwnershipOf(GroupId group) => View.Ownerships.GetValueOrDefault(group)?.Value;

    private string? QuorumFault(HostId host) => View.Hosts.Count > 1 ? store.FaultWithout(host.Name, IsUp) : null;

    private bool IsUp(string name) =>
        new HostId(name) is var host && (host == self || (View.OnlineSession(host) is not null && HostFault(host) is null));

    private string? StoreFault() => sight.StoreReachable ? null : sight.StoreWhy;

    private HostStatus Host(HostId host, HostConfig config)
    {
        var (session, load) = (View.Sessions.GetValueOrDefault(host)?.Value, View.Loads.GetValueOrDefault(host)?.Value);
        var (state, why) = StateOf(host, session);
        var diagnosis = Diagnostician.Of(View, sight.Hearing, self, host, now);
        var healthy = diagnosis.Condition == HostCondition.Healthy;
        var measured = load is not null && session is not null && load.Session == session.Session ? load : null;
        return new HostStatus
        {
            Name = host.Name,
            Number = config.Number,
            Addresses = [.. config.Addresses],
            State = state,
            Why = why,
            Leader = Leader == host,
            Witness = config.Witness,
            Labels = [.. config.Labels.Select(label => label.ToString())],
            Maintenance = config.Maintenance,
            Condition = ConditionWords.Of(diagnosis.Condition),
            Evidence = healthy ? null : diagnosis.Evidence,
            Follows = healthy ? null : diagnosis.Follows,
            Arrival = View.Arrivals.GetValueOrDefault(host)?.Value is { } arrival ? WaitsBecause(arrival) : null,
            Quarantine = View.Quarantines.GetValueOrDefault(host)?.Value.Why,
            Session = session?.Session.ToString(),
            Agent = AgentOf(host),
            BeaconSilenceMs = host == self ? null : (long?)sight.Hearing.Silence(host, now)?.TotalMilliseconds,
            HypervisorOk = config.Witness ? null : answers.GetValueOrDefault(host) is PeerAnswer<LocalReply>.Answered a
                ? a.Value.HypervisorOk : measured?.HypervisorOk,
            MemoryMiB = measured?.MemoryMiB,
            UsedMiB = measured is null ? null : measured.UsedMiB + ProtectedMiB(host),
            LoadPercent = measured?.LoadPercent,
            Guests = View.Ownerships.Count(o => OwnerHost(o.Value.Value) == host),
            Fencing = Fencing(host, config),
            Proofs = session is null ? [] : ProofList.Of(View, new HostSession(host, session.Session)),
        };
    }

    private static string WaitsBecause(ArrivalRecord arrival) =>
        $"a machine in boot {arrival.Boot}{(arrival.Hardware is { } hardware ? $" on hardware {hardware}" : "")} comes in its name and is "
        + $"not let in: {arrival.Objection ?? arrival.Why}";

    private static HostId? OwnerHost(OwnershipRecord own) => own.Phase switch
    {
        OwnershipPhase.Claimed p => p.Owner.Host,
        OwnershipPhase.Releasing p => p.Owner.Host,
        OwnershipPhase.Migrating p => p.Owner.Host,
        _ => null,
    };

    private long ProtectedMiB(HostId host) =>
        View.Ownerships.Where(o => OwnerHost(o.Value.Value) == host)
            .Sum(o => View.Groups.GetValueOrDefault(o.Key)?.Value.HostMemoryMiB ?? 0);

    private (string State, string? Why) StateOf(HostId host, SessionRecord? session)
    {
        if (session is null)
            return ("joining", "it has not begun a session yet; is its agent running?");
        var fence = View.Fences.GetValueOrDefault(new HostSession(host, session.Session))?.Value;
        var proofs = fence is null ? "" : string.Join("; ", fence.Proofs.Select(p => $"{p.Kind}: {p.Evidence}"));
        return session.State switch
        {
            SessionState.Fencing =>
                ("fencing", proofs.Length > 0 ? proofs : $"{fence?.Reason ?? "declared silent"}; no proof of its death yet"),
            SessionState.Fenced => ("fenced", proofs.Length > 0 ? proofs : fence?.Reason),
            SessionState.Left => ("left", "it left in order"),
            SessionState.Online when session.Leaving is { } policy => ("leaving", policy == LeavePolicy.Move
                ? "it is being shut down; its guests go to other hosts"
                : "it is being shut down; its guests are stopped and start there again when it returns"),
            SessionState.Online => HostFault(host) is { } silent
                ? ("suspect", silent + (View.IsWitness(host) ? "; a witness is not fenced" : "")) : ("online", null),
        };
    }

    private string AgentOf(HostId host) => answers.GetValueOrDefault(host) switch
    {
        PeerAnswer<LocalReply>.Answered => "answers",
        PeerAnswer<LocalReply>.Refused => "answers",
        PeerAnswer<LocalReply>.NotRunning => "refused",
        PeerAnswer<LocalReply>.Silent => "silent",
        _ => "unknown",
    };

    private string? HostFault(HostId host) =>
        host != self && sight.Hearing.IsSilent(host, View.Timing.SuspectAfter, now)
            ? $"no beacon of it for {sight.Hearing.Silence(host, now)?.TotalSeconds:0.0} s"
            : null;

    private LeasePromise? Promise(HostId host) =>
        View.Sessions.GetValueOrDefault(host)?.Value is { State: SessionState.Online or SessionState.Fencing } session
            ? session.Lease
            : null;

    private string? ProofFault(HostId host)
    {
        // A witness owns nothing: nobody waits for a proof of its death.
        if (Promise(host) is not null || View.IsWitness(host))
            return null;
        var methods = View.Hosts.GetValueOrDefault(host)?.Value.FenceMethods ?? [];
        if (methods.IsEmpty)
            return $"no fence method; set one with mainstay fence set {host}";
        var last = methods.Select(m => (Method: m, Test: tests.GetValueOrDefault((host.Name, m.Name)))).ToArray();
        if (last.Any(l => l.Test is { Ok: true }))
            return null;
        var failed = last.FirstOrDefault(l => l.Test is not null);
        return failed.Test is null
            ? $"fence method {methods[0].Name} was not tested yet; mainstay fence test {host}"
            : $"the last test of fence method {failed.Method.Name} failed: {failed.Test.Text}";
    }

    private HostFencing Fencing(HostId host, HostConfig config)
    {
        var fault = ProofFault(host);
        return new HostFencing
        {
            Ready = fault is null,
            Why = fault is null ? null : $"at risk: no proof of death possible: {fault}",
            LeaseSeconds = Promise(host)?.Terms.SafeAfter.TotalSeconds,
            Methods =
            [
                .. config.FenceMethods.Select(m => new FenceMethodStatus
                {
                    Name = m.Name,
                    Agent = m.Agent,
                    Options = m.Options.ToDictionary(o => o.Name, o => o.Secret ? "(secret)" : o.Value, StringComparer.Ordinal),
                    LastTest = tests.GetValueOrDefault((host.Name, m.Name)),
                }),
            ],
        };
    }

    private IEnumerable<string> Warnings(IReadOnlyList<HostStatus> hosts)
    {
        if (StoreFault() is { } fault)
        {
            yield return $"the store has no quorum here: {fault}; guests run on, but nothing is fenced, started elsewhere or changed "
                + "until it is back, and what is said here may be old";
        }

        if (StoreFault() is null && sight.WriteFault is { } refused)
            yield return $"the store takes no writes here: {refused}; everything runs, nothing is fenced, moved or started until it does";
        if (!View.Loaded)
            yield return "this agent has not read the store yet";
        if (View.Loaded && !View.Armed)
            yield return $"the cluster is disarmed: {View.Settings?.Value.DisarmReason}";
        if (View.Groups.Keys.Count(View.IsSuspended) is var suspended and > 0)
            yield return $"the store was restored from a backup: {suspended} guests are suspended until it is known where they run";
        if (!sight.BeaconConnected)
            yield return $"the beacon of {self} does not answer; is mainstay-beacon running?";
        if (sight.StoreReachable && store.Missing(IsUp) is { Count: > 0 } missing)
            yield return $"the store lacks {missing.Count} of its {store.Members.Count(m => !m.IsLearner)} voters "
                + $"({string.Join(", ", missing)}): it does not survive as many losses as it should";
        foreach (var host in hosts.Where(h => h.Agent is "silent" or "refused"))
            yield return $"the agent of {host.Name} {(host.Agent == "silent" ? "does not answer" : "is not running")}";
        foreach (var host in hosts.Where(h => h.HypervisorOk == false))
            yield return $"libvirt on {host.Name} does not answer";
        foreach (var (host, local) in answers.OrderBy(a => a.Key))
        {
            if (local is not PeerAnswer<LocalReply>.Answered answered)
                continue;
            foreach (var warning in answered.Value.CertificateWarnings)
                yield return warning;
            if (answered.Value.StoreNotUnderstood is { } foreign)
                yield return $"the agent of {host} (version {answered.Value.Version}) cannot read all of the store and takes no part, "
                    + $"while its guests run on: {foreign}";
            if (answered.Value.JournalFault is { } journal)
                yield return $"the journal of {host} cannot be written: {journal}; it goes on without";
        }

        foreach (var host in hosts.Where(h => !h.Fencing.Ready && h.State is "online" or "suspect" or "fencing"))
            yield return $"{host.Name} is {host.Fencing.Why}";
    }
}
