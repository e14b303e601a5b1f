using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Fencing;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>The adapter against small agents that misbehave in ways real ones do.</summary>
public sealed class ScriptedFenceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-fence").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exit_code_2_without_the_word_off_is_not_off()
    {
        var method = Agent("echo 'usage: fence_own [options]' >&2; exit 2");

        Assert.IsType<Observed<PowerState>.Unknown>(await Read(method, 10));
        Assert.IsNotType<FenceOutcome.Confirmed>(await new FenceAgents(folder).SwitchOff(method, TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task Off_said_and_exit_code_2_is_off()
    {
        var method = Agent("echo 'Status: OFF'; exit 2");

        Assert.Equal(PowerState.Off, Assert.IsType<Observed<PowerState>.Known>(await Read(method, 10)).Value);
    }

    [Fact]
    public async Task The_whole_tree_is_killed_at_the_limit()
    {
        var pids = Path.Combine(folder, "pids");
        var method = Agent($"sleep 600 & echo $! >> {pids}; echo $$ >> {pids}; wait");

        var unknown = Assert.IsType<Observed<PowerState>.Unknown>(await Read(method, 1));

        Assert.Contains("within 1 s", unknown.Why, StringComparison.Ordinal);
        foreach (var pid in await File.ReadAllLinesAsync(pids, Cancel))
            await Gone(pid);
    }

    [Fact]
    public async Task Secrets_are_on_standard_input_only_and_masked_in_errors()
    {
        var seen = Path.Combine(folder, "seen");
        var method = Agent($"cat >> {seen}; tr '\\0' ' ' < /proc/$$/cmdline >> {seen}.cmd; echo \"login with hunter2 failed\" >&2; exit 1");
        method = method with { Options = [new FenceOption("password", " hunter2", true), new FenceOption("user", "hunter2", true)] };

        var failed = Assert.IsType<FenceTest.Failed>(await new FenceAgents(folder).Test(method, TimeSpan.FromSeconds(10), Cancel));

        Assert.Equal(FenceFault.LoginFailed, failed.Fault);
        Assert.DoesNotContain("hunter2", failed.Why, StringComparison.Ordinal);
        Assert.Contains("password=\" hunter2\"", await File.ReadAllTextAsync(seen, Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(seen + ".cmd", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_output_is_bounded()
    {
        var method = Agent("yes error | head -c 5000000 >&2; exit 1");

        var unknown = Assert.IsType<Observed<PowerState>.Unknown>(await Read(method, 30));

        Assert.True(unknown.Why.Length < 1000);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<Observed<PowerState>> Read(FenceMethod method, int seconds) =>
        new FenceAgents(folder).ReadPower(method, TimeSpan.FromSeconds(seconds), Cancel);

    private static async Task Gone(string pid)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < deadline; await Task.Delay(20, Cancel))
        {
            var stat = Path.Combine("/proc", pid.Trim(), "stat");
            if (!File.Exists(stat) || (await File.ReadAllTextAsync(stat, Cancel)).Contains(") Z", StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"process {pid} still runs");
    }

    private FenceMethod Agent(string body)
    {
        var path = Path.Combine(folder, "fence_own");
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new FenceMethod("own", "fence_own", []);
    }
}
