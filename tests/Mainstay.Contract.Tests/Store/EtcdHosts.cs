using System.Net;
using System.Net.Sockets;
using Mainstay.Core.Model;
using Mainstay.Store.Etcd;
using Mainstay.Store.Etcd.Member;
using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>Real etcd members on loopback, each as a host of its own would run it. Everything ends with the test.</summary>
internal sealed class EtcdHosts : IAsyncDisposable
{
    private const int Stopping = 19;
    private const int Continuing = 18;
    private const int Killing = 9;

    private readonly string root = Directory.CreateTempSubdirectory("mainstay-etcd-").FullName;
    private readonly TestCertificates? certificates;
    private readonly EtcdTls? clientTls;
    private readonly List<(EtcdMemberOptions Options, EtcdMember Member)> hosts = [];
    private readonly List<int> pids = [];

    public EtcdHosts(bool tls = false)
    {
        if (!File.Exists("/usr/bin/etcd"))
            Assert.Skip("etcd is not installed (package etcd-server)");
        if (!tls)
            return;
        certificates = new TestCertificates(Path.Combine(root, "tls"));
        var files = certificates.Issue("client");
        clientTls = EtcdTls.FromPem(files.AuthorityFile, files.CertificateFile, files.KeyFile);
    }

    public EtcdTls? Tls => clientTls;

    public IReadOnlyList<Uri> Endpoints => [.. hosts.Select(host => host.Options.ClientEndpoints[0])];

    public EtcdMember this[int index] => hosts[index].Member;

    public EtcdMemberOptions OptionsOf(int index) => hosts[index].Options;

    public EtcdMemberOptions NewOptions(string name, string cluster = "test") => new()
    {
        Name = name,
        ClusterId = cluster,
        Addresses = [IPAddress.Loopback],
        DataDirectory = Path.Combine(root, name, "etcd"),
        RunDirectory = Path.Combine(root, name, "run"),
        ClientPort = FreePort(),
        PeerPort = FreePort(),
        Tls = certificates?.Issue(name),
    };

    public EtcdMember Add(EtcdMemberOptions options)
    {
        var member = new EtcdMember(options);
        hosts.Add((options, member));
        return member;
    }

    public static async Task<EtcdHosts> Start(int count, bool tls, Func<EtcdMemberOptions, EtcdMemberOptions>? adapt = null)
    {
        var cancel = TestContext.Current.CancellationToken;
        var hosts = new EtcdHosts(tls);
        adapt ??= options => options;
        hosts.AssertDone(await hosts.Add(adapt(hosts.NewOptions("h1"))).StartNew(cancel));
        for (var i = 2; i <= count; i++)
            await hosts.Grow(adapt(hosts.NewOptions($"h{i}")));
        return hosts;
    }

    /// <summary>One more host: learner first, then voter.</summary>
    public async Task Grow(EtcdMemberOptions options)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = new EtcdCluster(Endpoints, clientTls);
        var member = Add(options);
        AssertDone(await member.JoinAsLearner(cluster, cancel));
        var joined = (await Members(cluster)).Single(one => one.PeerEndpoints.SequenceEqual(options.PeerEndpoints));
        Assert.True(joined.IsLearner);
        AssertDone(await cluster.Promote(joined.Id, TimeSpan.FromSeconds(15), cancel));
    }

    public async Task<IReadOnlyList<EtcdMemberInfo>> Members(EtcdCluster cluster) =>
        Assert.IsType<Observed<IReadOnlyList<EtcdMemberInfo>>.Known>(await cluster.Members(TestContext.Current.CancellationToken)).Value;

    public EtcdStore Connect(string prefix, params int[] order) => new(new EtcdStoreOptions
    {
        Endpoints = order.Length == 0 ? Endpoints : [.. order.Select(i => Endpoints[i])],
        Prefix = prefix,
        Tls = clientTls,
    });

    public async Task<int> Leader()
    {
        await using var cluster = new EtcdCluster(Endpoints, clientTls);
        var cancel = TestContext.Current.CancellationToken;
        for (var i = 0; ; i = (i + 1) % hosts.Count)
            if (await cluster.Status(Endpoints[i], cancel) is Observed<EtcdMemberStatus>.Known { Value: var status }
                && status.LeaderId == status.Id)
                return i;
    }

    public void Pause(int index) => Send(index, Stopping);

    public void Continue(int index) => Send(index, Continuing);

    public void Kill(int index) => Send(index, Killing);

    public void AssertDone(EtcdOutcome outcome)
    {
        pids.AddRange(hosts.Select(host => host.Member.Pid).OfType<int>().Except(pids));
        Assert.IsType<EtcdOutcome.Done>(outcome);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, member) in hosts)
        {
            if (member.Pid is { } pid)
                Detached.Signal(pid, Killing);
            await member.Stop(CancellationToken.None);
        }
        clientTls?.Dispose();
        certificates?.Dispose();
        Directory.Delete(root, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private void Send(int index, int signal) =>
        Detached.Signal(hosts[index].Member.Pid ?? throw new InvalidOperationException("not running"), signal);
}
