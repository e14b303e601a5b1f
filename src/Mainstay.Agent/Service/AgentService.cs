using System.Reflection;
using Mainstay.Agent.Api;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Joining;
using Mainstay.Agent.Member;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Service;

/// <summary>The life of the process: waits to become a member, then is one until it is stopped or something breaks.</summary>
internal sealed class AgentService : IDisposable
{
    private static readonly TimeSpan FoundLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);
    private readonly FileLayout layout;
    private readonly TimeProvider time;
    private readonly ILoggerFactory logs;
    private readonly ILogger log;
    private readonly ServiceNotifier notifier = new();
    private readonly SemaphoreSlim oneAtATime = new(1);
    private readonly TaskCompletionSource<AgentFile> configured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterMember? member;
    private volatile MemberApi? api;

    public AgentService(FileLayout layout, TimeProvider time, ILoggerFactory logs)
    {
        (this.layout, this.time, this.logs) = (layout, time, logs);
        log = logs.CreateLogger<AgentService>();
    }

    public static string Version { get; } =
        typeof(AgentService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Until cancelled. An <see cref="AgentException"/> is for a person to mend; any other exception is a defect.</summary>
    public async Task Run(CancellationToken cancel)
    {
        if (AgentFile.Load(layout.AgentFile) is { } file)
            configured.SetResult(file);
        await using var local = ApiServer.Local(layout.AgentSocket, logs, LocalEndpoints());
        await local.StartAsync(cancel).ConfigureAwait(false);
        File.SetUnixFileMode(layout.AgentSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        notifier.Ready();
        if (!configured.Task.IsCompleted)
        {
            AgentLog.Unconfigured(log, layout.AgentSocket);
            notifier.Status("waits for mainstay init or mainstay join");
        }

        while (!configured.Task.IsCompleted)
        {
            // The supervisor's watchdog wants a sign of life also from an agent that only waits.
            notifier.Lives();
            await Task.WhenAny(configured.Task, Task.Delay(TimeSpan.FromSeconds(5), time, cancel)).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
        }

        await RunMember(await configured.Task.ConfigureAwait(false), cancel).ConfigureAwait(false);
        notifier.Stopping();
    }

    public void Dispose()
    {
        notifier.Dispose();
        oneAtATime.Dispose();
    }

    private async Task RunMember(AgentFile file, CancellationToken cancel)
    {
        AgentLog.Begins(log, Version, file.Host, file.Cluster);
        notifier.Status($"member {file.Host} of {file.Cluster}");
        if (!file.Witness)
            HookSetUp.Install(layout, log);
        if (Renewal.RenewIfDue(layout, file, time.GetUtcNow()))
            AgentLog.CertificateRenewed(log, layout.HostCertificate);
        await using var running = new ClusterMember(file, layout, time, notifier.Lives, logs);
        var endpoints = new MemberApi(running, Version, log);
        await using var cluster = ApiServer.Cluster(
            file.Addresses,
            MemberRecords.ApiPort,
            running.Trust,
            running.IsMember,
            logs,
            [.. endpoints.Endpoints(), .. endpoints.PeerEndpoints()],
            endpoints.OpenEndpoints(layout.AuthorityCertificate));
        await Listen(cluster, cancel).ConfigureAwait(false);
        (member, api) = (running, endpoints);
        await running.Run(cancel).ConfigureAwait(false);
    }

    private static async Task Listen(Microsoft.AspNetCore.Builder.WebApplication server, CancellationToken cancel)
    {
        try
        {
            await server.StartAsync(cancel).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new AgentException($"the agent's API cannot listen: {e.Message} Free port {MemberRecords.ApiPort} and start it again", e);
        }
    }

    private List<(string Method, string Path, RequestDelegate Handle)> LocalEndpoints()
    {
        var endpoints = new List<(string Method, string Path, RequestDelegate Handle)>
        {
            ("GET", ApiPaths.Agent, http => Answers.Write(http, State(), ApiJson.Default.AgentReply)),
            ("POST", ApiPaths.Init, http => Answers.Within(http, FoundLimit, log, c => Found(http, c))),
            ("POST", ApiPaths.Join, http => Answers.Within(http, JoinLimit, log, c => Join(http, c))),
        };
        endpoints.Add(("GET", "/{**path}", Relay));
        endpoints.Add(("POST", "/{**path}", Relay));
        return endpoints;
    }

    /// <summary>The endpoints of a member exist only once this is one.</summary>
    private Task Relay(HttpContext http)
    {
        if (api is not { } endpoints)
            return Answers.Error(
                http,
                StatusCodes.Status503ServiceUnavailable,
                "not_a_member",
                configured.Task.IsCompleted
                    ? "the agent is starting; ask again in a moment"
                    : "this host is in no cluster; begin one with mainstay init, or join one with mainstay join ADDRESS TOKEN");
        return endpoints.Dispatch(http);
    }

    private AgentReply State() => new()
    {
        State = member is { Shell.Sight.Session: not null } ? "running" : configured.Task.IsCompleted ? "starting" : "unconfigured",
        Version = Version,
        Pid = Environment.ProcessId,
        Host = member?.File.Host,
        Cluster = member?.File.Cluster,
        Why = member is { Shell: { Sight.Session: null } shell } ? Waiting(shell) : null,
    };

    private static string Waiting(Engine.Shell.AgentShell shell) => shell.Sight switch
    {
        { View.Loaded: false } sight => $"the store was not read yet: {sight.StoreWhy}",
        { StoreReachable: false } sight => $"the store does not answer: {sight.StoreWhy}",
        { View: var view } when view.Arrivals.Values.FirstOrDefault(a => a.Value.Boot == HostFacts.Boot)?.Value is { } mine =>
            $"it is not let in, as the host may be alive on another machine: {mine.Objection ?? mine.Why}; see mainstay status on another "
                + "host",
        _ => "it begins its session",
    };

    private async Task Found(HttpContext http, CancellationToken cancel)
    {
        var request = await Answers.Body(http, ApiJson.Default.InitRequest, cancel).ConfigureAwait(false);
        var founding = new Founding(layout, time, Readiness.OfThisHost(), log);
        var file = await Become(() => founding.Run(request, cancel), cancel).ConfigureAwait(false);
        await Settle(cancel).ConfigureAwait(false);
        var token = await (api ?? throw new AgentException("the cluster was founded, but the agent does not run yet; see its log"))
            .NewToken(TokenLife, cancel).ConfigureAwait(false);
        var reply = new InitReply
        {
            Cluster = file.Cluster,
            ClusterId = file.ClusterId,
            Host = file.Host,
            Addresses = file.Addresses,
            Token = token.Token,
            TokenExpires = token.Expires,
        };
        await Answers.Write(http, reply, ApiJson.Default.InitReply).ConfigureAwait(false);
    }

    private async Task Join(HttpContext http, CancellationToken cancel)
    {
        var request = await Answers.Body(http, ApiJson.Default.JoinRequest, cancel).ConfigureAwait(false);
        var joining = new ClusterJoining(layout, time, Version, Readiness.OfThisHost(), log);
        var file = await Become(() => joining.Run(request, cancel), cancel).ConfigureAwait(false);
        await Settle(cancel).ConfigureAwait(false);
        var reply = new JoinReply
        {
            Cluster = file.Cluster,
            Host = file.Host,
            Number = file.Number,
            Addresses = file.Addresses,
            StoreRole = member?.Keeper.Known.RoleOf(file.Host) ?? "client",
            Witness = file.Witness,
        };
        await Answers.Write(http, reply, ApiJson.Default.JoinReply).ConfigureAwait(false);
    }

    /// <summary>One init or join at a time, and only one that succeeds.</summary>
    private async Task<AgentFile> Become(Func<Task<AgentFile>> step, CancellationToken cancel)
    {
        await oneAtATime.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (configured.Task.IsCompletedSuccessfully)
            {
                var known = await configured.Task.ConfigureAwait(false);
                throw new AgentException($"this host is already member {known.Host} of cluster {known.Cluster}; nothing was changed");
            }

            var file = await step().ConfigureAwait(false);
            configured.SetResult(file);
            return file;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>
    /// Waits until the new member has a session and its part of the store stands; goes on without when that takes too long.
    /// </summary>
    private async Task Settle(CancellationToken cancel)
    {
        var begin = time.GetTimestamp();
        while (time.GetElapsedTime(begin) < SettleLimit && member is not { Shell.Sight.Session: not null, Keeper.IsSettled: true })
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancel).ConfigureAwait(false);
    }
}
