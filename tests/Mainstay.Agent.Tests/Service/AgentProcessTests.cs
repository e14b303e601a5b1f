using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Tests.Joining;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;

namespace Mainstay.Agent.Tests.Service;

/// <summary>The daemon as a process: what it says and with which code it ends when it cannot do its work.</summary>
public sealed class AgentProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestRoot root = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        if (File.Exists(root.Layout.AgentFile))
            File.Delete(root.Layout.AgentFile);
        return root.DisposeAsync();
    }

    [Fact]
    public async Task A_malformed_configuration_ends_it_with_one_line()
    {
        Directory.CreateDirectory(root.Layout.Configuration);
        await File.WriteAllTextAsync(root.Layout.AgentFile, "{\n  \"number\": \"x\"\n}\n", Cancel);
        var (code, errors) = await Ended(Start());
        Assert.Equal(1, code);
        Assert.StartsWith($"mainstay-agent: {root.Layout.AgentFile} line 2 (number): ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_certificate_ends_it_with_one_line()
    {
        var file = new AgentFile
        {
            Cluster = "c", ClusterId = "0011223344556677", Host = "n1", Number = 1, Addresses = [root.Address],
        };
        Directory.CreateDirectory(root.Layout.Configuration);
        await File.WriteAllBytesAsync(root.Layout.AgentFile, file.ToBytes(), Cancel);
        var (code, errors) = await Ended(Start());
        Assert.Equal(1, code);
        Assert.Contains(errors, line => line.StartsWith(
            $"mainstay-agent: {root.Layout.AuthorityCertificate} is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_agent_and_an_unknown_option_are_refused()
    {
        using var first = Start();
        using var client = await Connected(first);
        var (code, errors) = await Ended(Start());
        Assert.Equal(1, code);
        Assert.Contains("another agent runs on this host", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal(2, (await Ended(Start("--frobnicate"))).Code);
        await Stop(first);
    }

    [Fact]
    public async Task An_agent_that_may_not_write_says_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "it needs root to become somebody else");
        Open(root.Layout.Root, UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var other = Path.Combine(Path.GetTempPath(), $"mainstay-programs-{Guid.NewGuid():N}");
        try
        {
            CopyPrograms(other);
            var start = Prepared("/usr/bin/setpriv", ["--reuid=65534", "--clear-groups", Path.Combine(other, "mainstay-agent")]);
            var (code, errors) = await Ended(Process.Start(start)!);
            Assert.Equal(1, code);
            Assert.Contains("Run the agent as root", Assert.Single(errors), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task A_refused_init_changes_nothing_and_the_agent_waits_on()
    {
        using var taken = new TcpListener(IPAddress.Parse(root.Address), 7780);
        taken.Start();
        using var agent = Start();
        using var client = await Connected(agent);
        var request = new InitRequest { Cluster = "c", Host = "n1", Addresses = [root.Address] };
        using var answer = await client.PostAsJsonAsync(ApiPaths.Init, request, ApiJson.Default.InitRequest, Cancel);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var error = await answer.Content.ReadFromJsonAsync(ApiJson.Default.ErrorReply, Cancel);
        Assert.Equal("refused", error?.Error);
        Assert.Contains($"Port 7780 on {root.Address} is taken", error?.Text, StringComparison.Ordinal);
        var state = await client.GetFromJsonAsync(ApiPaths.Agent, ApiJson.Default.AgentReply, Cancel);
        Assert.Equal("unconfigured", state?.State);
        using var status = await client.GetAsync(ApiPaths.Status, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status.StatusCode);
        Assert.Contains("mainstay init", await status.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        await Stop(agent);
        Assert.Equal(["run/mainstay/agent.lock"], root.Files.Where(f => f != "run/mainstay/agent.sock"));
    }

    private static void Open(string path, UnixFileMode more) => File.SetUnixFileMode(path, File.GetUnixFileMode(path) | more);

    private static void CopyPrograms(string to)
    {
        Directory.CreateDirectory(to);
        Open(to, UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            var copy = Path.Combine(to, Path.GetFileName(file));
            File.Copy(file, copy);
            Open(copy, UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }

    private static async Task<(int Code, string[] Errors)> Ended(Process process)
    {
        using (process)
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            limit.CancelAfter(Patience);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static async Task Stop(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(Cancel);
    }

    private Process Start(params string[] arguments) =>
        Process.Start(Prepared(Path.Combine(AppContext.BaseDirectory, "mainstay-agent"), arguments))!;

    private ProcessStartInfo Prepared(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[FileLayout.RootVariable] = root.Layout.Root;
        return start;
    }

    private async Task<HttpClient> Connected(Process agent)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(root.Layout.AgentSocket), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri("http://agent") };
        for (var deadline = DateTime.UtcNow + Patience; ; await Task.Delay(20, Cancel))
        {
            Assert.False(agent.HasExited, "the agent runs");
            Assert.True(DateTime.UtcNow < deadline, "the agent answers");
            try
            {
                using var answer = await client.GetAsync(ApiPaths.Agent, Cancel);
                return client;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }
    }
}
