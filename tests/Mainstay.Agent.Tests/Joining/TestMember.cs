using System.Globalization;
using Mainstay.Agent.Api;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Joining;
using Mainstay.Agent.Member;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Agent.Tests.Joining;

/// <summary>
/// The first member of a cluster of its own: real etcd, real certificates, real API on a loopback address. Its node does not run.
/// </summary>
internal sealed class TestMember : IAsyncDisposable
{
    private readonly TestRoot root;
    private ClusterMember? member;
    private WebApplication? server;

    private TestMember(TestRoot root, AgentFile file) => (this.root, File) = (root, file);

    public AgentFile File { get; }

    public FileLayout Layout => root.Layout;

    public string Address => root.Address;

    public ClusterMember Member => member ?? throw new InvalidOperationException("The member was not started.");

    public TestClock Clock { get; } = new();

    public static async Task<TestMember> Found(string name, CancellationToken cancel)
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/bin/etcd"), "etcd-server is not installed");
        var root = new TestRoot();
        try
        {
            var founding = new Founding(root.Layout, TimeProvider.System, TestRoot.Ready, NullLogger.Instance);
            var file = await founding.Run(new InitRequest { Cluster = "test", Host = name, Addresses = [root.Address] }, cancel);
            var made = new TestMember(root, file);
            await made.Serve(cancel);
            return made;
        }
        catch
        {
            await root.DisposeAsync();
            throw;
        }
    }

    public async Task<JoinToken> Token(TimeSpan valid, CancellationToken cancel) =>
        JoinToken.Parse((await Member.Admission.Issue(valid, cancel)).Token);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        if (member is not null)
            await member.DisposeAsync();
        await root.DisposeAsync();
    }

    private async Task Serve(CancellationToken cancel)
    {
        member = new ClusterMember(File, Layout, Clock, static () => { }, NullLoggerFactory.Instance);
        var api = new MemberApi(member, "1.2.3", NullLogger.Instance);
        server = ApiServer.Cluster(
            File.Addresses,
            MemberRecords.ApiPort,
            member.Trust,
            NullLoggerFactory.Instance,
            [.. api.Endpoints(), .. api.PeerEndpoints()],
            api.OpenEndpoints(Layout.AuthorityCertificate));
        await server.StartAsync(cancel);
    }
}

/// <summary>A file tree and a loopback address for one host; its etcd, if it has one, ends with it.</summary>
internal sealed class TestRoot : IAsyncDisposable
{
    private static int count;

    public FileLayout Layout { get; } = new(Directory.CreateTempSubdirectory("mainstay-host").FullName);

    /// <summary>Unique among the tests of this machine as far as process ids are.</summary>
    public string Address { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"127.{96 + (Environment.ProcessId >> 8 & 127)}.{Environment.ProcessId & 255}.{Interlocked.Increment(ref count)}");

    /// <summary>The libvirt of the machine that runs the tests is none of their business.</summary>
    public static Readiness Ready { get; } = new(_ => Task.FromResult<string?>(null));

    public string MachineId
    {
        set
        {
            Directory.CreateDirectory(Path.Combine(Layout.Root, "etc"));
            File.WriteAllText(Path.Combine(Layout.Root, "etc/machine-id"), value + "\n");
        }
    }

    /// <summary>What is there besides directories and logs.</summary>
    public IReadOnlyList<string> Files =>
    [
        .. Directory.EnumerateFiles(Layout.Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Layout.Root, f))
            .Where(f => !f.EndsWith(".log", StringComparison.Ordinal) && f != "etc/machine-id").Order(StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        if (AgentFile.Load(Layout.AgentFile) is { } file)
            await MemberParts.StoreMember(file, Layout).Discard(CancellationToken.None);
        Directory.Delete(Layout.Root, recursive: true);
    }
}

/// <summary>The clock of a host that may be wrong.</summary>
internal sealed class TestClock : TimeProvider
{
    public TimeSpan Off { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Off;
}
