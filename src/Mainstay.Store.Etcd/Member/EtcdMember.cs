using System.Runtime.CompilerServices;
using System.Text.Json;
using Mainstay.Store.Etcd.Client;
using Mainstay.Store.Etcd.Member;

namespace Mainstay.Store.Etcd;

/// <summary>
/// The etcd member of this host. It runs detached: an agent that ends leaves it running, the next one takes it over. Steps are called
/// one at a time. The agent's systemd unit needs <c>KillMode=process</c>, or the member dies with the agent.
/// </summary>
public sealed class EtcdMember
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(250);
    private const int ChecksPerLookAtLog = 40;
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly EtcdMemberOptions options;
    private EtcdProcess? process;

    public EtcdMember(EtcdMemberOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
    }

    /// <summary>The process id while the member runs as far as this object knows.</summary>
    public int? Pid => process is { IsAlive: true } alive ? alive.Pid : null;

    /// <summary>True when this host was made a member before: <see cref="Resume"/> is the way to go on.</summary>
    public bool WasSetUp => File.Exists(options.IdentityFile);

    /// <summary>
    /// True when nothing of any member is here: the machine is new, or was installed anew. Data of a member with another id are not
    /// nothing: a restore of the store gives every member a new one.
    /// </summary>
    public bool IsBlank => !WasSetUp && !Directory.Exists(options.EtcdDirectory);

    /// <summary>Starts the first member of a new cluster and waits until it serves.</summary>
    public Task<EtcdOutcome> StartNew(CancellationToken cancel) => Guarded(async () =>
    {
        if (Obstacle(out var identity) is { } obstacle)
            return new EtcdOutcome.Refused(obstacle);
        if (identity is { IsFirst: false })
            return new EtcdOutcome.Refused($"{options.DataDirectory} holds a member that joined a cluster: it is not the first one.");
        if (identity is null)
        {
            identity = new MemberIdentity
            {
                ClusterId = options.ClusterId,
                Name = options.Name,
                IsFirst = true,
                InitialCluster = EtcdArguments.InitialCluster(options.Name, options.PeerEndpoints),
            };
            SetUp(identity);
        }
        return await StartAndWait(identity, EtcdCalls.Probe, cancel).ConfigureAwait(false);
    });

    /// <summary>
    /// Adds this host to an existing cluster without a vote, starts its member and waits until it answers. Asked again after an
    /// interruption it goes on where it was. The vote is given by <see cref="EtcdCluster.Promote"/>.
    /// </summary>
    public Task<EtcdOutcome> JoinAsLearner(EtcdCluster cluster, CancellationToken cancel) => Guarded(async () =>
    {
        if (Obstacle(out var identity) is { } obstacle)
            return new EtcdOutcome.Refused(obstacle);
        if (identity is not null && Directory.Exists(options.EtcdDirectory))
        {
            if (await cluster.Members(cancel).ConfigureAwait(false) is not Core.Model.Observed<IReadOnlyList<EtcdMemberInfo>>.Known list)
                return new EtcdOutcome.Unknown("The cluster does not tell its members.");
            if (list.Value.Any(member => member.Id == identity.Id || (identity.IsFirst && member.Name == options.Name)))
                return await StartAndWait(identity, EtcdCalls.Status(), cancel).ConfigureAwait(false);
            // Taken out while we were away: etcd refuses such data for ever.
            await Discard(cancel).ConfigureAwait(false);
        }
        var (added, id, members) = await cluster.AddLearner(options.Name, options.PeerEndpoints, options.StartLimit, cancel)
            .ConfigureAwait(false);
        if (added is not EtcdOutcome.Done)
            return added;
        var joining = new MemberIdentity
        {
            ClusterId = options.ClusterId,
            Name = options.Name,
            MemberId = id.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
            IsFirst = false,
            InitialCluster = string.Join(',', members.Select(member => EtcdArguments.InitialCluster(
                member.Id == id ? options.Name : member.HasStarted ? member.Name : $"unstarted-{member.Id:x}", member.PeerEndpoints))),
        };
        SetUp(joining);
        return await StartAndWait(joining, EtcdCalls.Status(), cancel).ConfigureAwait(false);
    });

    /// <summary>Takes over the running member of an earlier agent, or starts it again. Does not wait for a quorum.</summary>
    public Task<EtcdOutcome> Resume(CancellationToken cancel) => Guarded(() =>
    {
        cancel.ThrowIfCancellationRequested();
        if (Obstacle(out var identity) is { } obstacle)
            return Task.FromResult<EtcdOutcome>(new EtcdOutcome.Refused(obstacle));
        return Task.FromResult(identity is null
            ? new EtcdOutcome.Refused($"{options.DataDirectory} holds no member yet.")
            : Start(identity));
    });

    /// <summary>Starts the member again whenever it has ended, until cancelled; the member itself is left running then.</summary>
    public async IAsyncEnumerable<EtcdMemberNews> Supervise([EnumeratorCancellation] CancellationToken cancel)
    {
        var backOff = FirstBackOff;
        var startedAt = Environment.TickCount64;
        var known = process?.Pid;
        var checks = 0;
        if (process is { IsAlive: true })
            yield return new EtcdMemberNews.Adopted(process.Pid);
        while (!cancel.IsCancellationRequested)
        {
            if (process is { IsAlive: true } && process.Pid == known)
            {
                if (checks++ % ChecksPerLookAtLog == 0)
                    MemberLog.Bound(options.LogFile, options.LogBytes);
                await EtcdConnection.Pause(CheckEvery, cancel).ConfigureAwait(false);
                continue;
            }
            if (known is not null)
                yield return new EtcdMemberNews.Died(MemberLog.LastLine(options.LogFile));
            if (Environment.TickCount64 - startedAt > SteadyAfter.TotalMilliseconds)
                backOff = FirstBackOff;
            await EtcdConnection.Pause(backOff, cancel).ConfigureAwait(false);
            if (cancel.IsCancellationRequested)
                yield break;
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
            var outcome = await Resume(cancel).ConfigureAwait(false);
            startedAt = Environment.TickCount64;
            known = process?.Pid;
            yield return outcome switch
            {
                EtcdOutcome.Refused refused => new EtcdMemberNews.NotStarted(refused.Why),
                EtcdOutcome.Unknown unknown => new EtcdMemberNews.NotStarted(unknown.Why),
                _ => new EtcdMemberNews.Started(known ?? 0),
            };
        }
    }

    /// <summary>Ends the member, for example before it is taken out of the cluster for good. True when no process of it is left.</summary>
    public async Task<bool> Stop(CancellationToken cancel)
    {
        var running = process ?? EtcdProcess.Find(options);
        process = null;
        if (running is not null && !await running.End(StopGrace, cancel).ConfigureAwait(false))
            return false;
        Remove(options.PidFile);
        return true;
    }

    /// <summary>Ends the member and deletes its data. Only for one that the cluster no longer counts on.</summary>
    public async Task<bool> Discard(CancellationToken cancel)
    {
        if (!await Stop(cancel).ConfigureAwait(false))
            return false;
        if (Directory.Exists(options.EtcdDirectory))
            Directory.Delete(options.EtcdDirectory, recursive: true);
        Remove(options.IdentityFile);
        return true;
    }

    /// <summary>Also when its directory was never made: an init that failed early is undone as well.</summary>
    private static void Remove(string file)
    {
        if (File.Exists(file))
            File.Delete(file);
    }

    /// <summary>Null when this host can run the member; adopts it when it already does.</summary>
    private string? Obstacle(out MemberIdentity? identity)
    {
        identity = null;
        if (!File.Exists(options.Executable))
            return $"etcd is missing: {options.Executable} does not exist. Install the package etcd-server.";
        try
        {
            identity = MemberIdentity.Load(options.IdentityFile);
        }
        catch (JsonException broken)
        {
            return $"{options.IdentityFile} cannot be read: {broken.Message} Restore it, or take the member out and remove the directory.";
        }
        if (identity is null && Directory.Exists(options.EtcdDirectory))
            return $"{options.EtcdDirectory} holds data of unknown origin. Move it away, or name another data directory.";
        if (identity is not null && (identity.ClusterId != options.ClusterId || identity.Name != options.Name))
            return $"{options.DataDirectory} belongs to host {identity.Name} of cluster {identity.ClusterId}, not to {options.Name} of "
                + $"{options.ClusterId}. Move it away, or name another data directory.";
        process = process is { IsAlive: true } ? process : EtcdProcess.Find(options);
        if (process is not null || PortOwner.Conflict(options) is not { } conflict)
            return null;
        process = conflict.Pid is { } pid ? EtcdProcess.Verified(pid, options) : null;
        return process is null ? conflict.Why : null;
    }

    private void SetUp(MemberIdentity identity)
    {
        Directory.CreateDirectory(options.DataDirectory);
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(options.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        identity.Save(options.IdentityFile);
    }

    private EtcdOutcome Start(MemberIdentity identity)
    {
        if (process is { IsAlive: true })
            return new EtcdOutcome.Done();
        var (launched, why) = EtcdProcess.Launch(options, identity);
        process = launched;
        return launched is null ? new EtcdOutcome.Refused(why) : new EtcdOutcome.Done();
    }

    private async Task<EtcdOutcome> StartAndWait<T>(MemberIdentity identity, EtcdCall<T> sign, CancellationToken cancel)
    {
        // Read first: with unusable certificates nothing is started.
        using var tls = options.Tls is { } files ? EtcdTls.FromPem(files.AuthorityFile, files.CertificateFile, files.KeyFile) : null;
        if (Start(identity) is not EtcdOutcome.Done and var failed)
            return failed;
        using var endpoint = new EtcdEndpoint(options.ClientEndpoints[0], tls, TimeSpan.FromSeconds(1));
        var deadline = Environment.TickCount64 + (long)options.StartLimit.TotalMilliseconds;
        while (true)
        {
            var attempt = await endpoint.Try(sign, TimeSpan.FromSeconds(1), cancel).ConfigureAwait(false);
            if (attempt is Attempt<T>.Answered)
                return new EtcdOutcome.Done();
            if (Pid is null)
                return new EtcdOutcome.Refused($"etcd ended right after its start: {MemberLog.LastLine(options.LogFile)}");
            if (cancel.IsCancellationRequested || Environment.TickCount64 >= deadline)
                return new EtcdOutcome.Unknown(
                    $"etcd runs but does not serve: {((Attempt<T>.Failed)attempt).Why}; its log: {MemberLog.LastLine(options.LogFile)}");
            await EtcdConnection.Pause(TimeSpan.FromMilliseconds(20), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The boundary to files and certificates: what they refuse is an outcome.</summary>
    private static async Task<EtcdOutcome> Guarded(Func<Task<EtcdOutcome>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            return new EtcdOutcome.Refused(failure.Message);
        }
    }
}
