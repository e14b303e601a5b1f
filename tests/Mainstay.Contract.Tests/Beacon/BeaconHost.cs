using System.Diagnostics;
using Mainstay.Beacon.Link;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>One host of a test: its own root directory, a real beacon process and the agent's link to it.</summary>
internal sealed class BeaconHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<Process> processes = [];
    private readonly List<string> log = [];
    private IAsyncEnumerator<BeaconNews>? news;
    private BeaconLink? link;

    public BeaconHost(int number, int port, string key)
    {
        Number = number;
        Root = Directory.CreateTempSubdirectory("mainstay-beacon-").FullName;
        Paths = new BeaconPaths(Root, port);
        Directory.CreateDirectory(Path.Combine(Root, "etc/mainstay"));
        File.WriteAllText(Paths.ClusterKey, key);
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "mainstay-beacon");

    public int Number { get; }

    public HostId Id => new($"n{Number}");

    public string Root { get; }

    public BeaconPaths Paths { get; }

    public BeaconLink Link => link ?? throw new InvalidOperationException("The agent is not connected.");

    public Process Beacon => processes[^1];

    public string Log
    {
        get
        {
            lock (log)
                return string.Join('\n', log);
        }
    }

    public void StartBeacon() => Start(Command("--no-realtime"));

    /// <summary>As a supervisor starts it that kept a descriptor for it.</summary>
    public void StartBeaconWith(int descriptor, string name, string notifySocket)
    {
        var start = Command();
        start.FileName = "bash";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"exec 3>&{descriptor}; export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES={name}; exec {Program} --no-realtime");
        start.Environment["NOTIFY_SOCKET"] = notifySocket;
        Start(start);
    }

    public void StartBeaconWith(string notifySocket)
    {
        var start = Command("--no-realtime");
        start.Environment["NOTIFY_SOCKET"] = notifySocket;
        Start(start);
    }

    private void Start(ProcessStartInfo start)
    {
        var process = Process.Start(start) ?? throw new InvalidOperationException("The beacon did not start.");
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
                log.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
        processes.Add(process);
    }

    public void KillBeacon()
    {
        Beacon.Kill();
        Beacon.WaitForExit();
    }

    /// <summary>Ends the beacon as systemd would and returns its exit code.</summary>
    public async Task<int> StopBeacon()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{Beacon.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Beacon.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return Beacon.ExitCode;
    }

    public async Task ConnectAgent()
    {
        link = new BeaconLink(Paths, TimeProvider.System);
        news = link.Watch(CancellationToken.None).GetAsyncEnumerator();
        await Next<BeaconNews.Connected>(_ => true);
    }

    public async Task DisconnectAgent()
    {
        if (link is not null)
            await link.DisposeAsync();
        (link, news) = (null, null);
    }

    /// <summary>Waits for a report about which the claim holds.</summary>
    public async Task<BeaconReport> Report(Func<BeaconReport, bool> claim) =>
        (await Next<BeaconNews.Reported>(item => claim(item.Report))).Report;

    public Task<BeaconReport> Sees(int peer, Func<PeerSight, bool> claim) =>
        Report(report => report.Peers.Any(sight => sight.Host.Name == $"n{peer}" && claim(sight)));

    public async Task<T> Next<T>(Func<T, bool> claim)
        where T : BeaconNews
    {
        var last = "nothing";
        using var limit = new CancellationTokenSource(Patience);
        while (news is not null)
        {
            try
            {
                if (!await news.MoveNextAsync().AsTask().WaitAsync(limit.Token))
                    break;
            }
            catch (OperationCanceledException)
            {
                break;
            }

            last = news.Current.ToString();
            if (news.Current is T wanted && claim(wanted))
                return wanted;
        }

        throw new TimeoutException($"{Id}: what was waited for did not come; last news: {last}; the beacon says: {Log}");
    }

    /// <summary>Runs the hook as libvirt does; returns its exit code and what it told the person.</summary>
    public async Task<(int Code, string Message)> Hook(string guest, string uuid, string operation = "prepare", string sub = "begin")
    {
        var start = Command("hook", guest, operation, sub, "-");
        start.RedirectStandardInput = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The hook did not start.");
        await process.StandardInput.WriteAsync($"<domain type='kvm'>\n  <name>{guest}</name>\n  <uuid>{uuid}</uuid>\n</domain>");
        process.StandardInput.Close();
        var message = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, message);
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectAgent();
        foreach (var process in processes)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Says what the crash kernel of a host would say, until it is disposed of.</summary>
    public void SayCrashed(CrashNotice notice)
    {
        File.WriteAllText(Path.Combine(Root, "crash"), notice.ToText());
        processes.Add(Process.Start(Command("--crashed", Path.Combine(Root, "crash")))
            ?? throw new InvalidOperationException("The beacon did not start."));
    }

    private ProcessStartInfo Command(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardError = true };
        start.Environment[BeaconPaths.RootVariable] = Root;
        start.Environment[BeaconPaths.PortVariable] = $"{Paths.Port}";
        return start;
    }
}
