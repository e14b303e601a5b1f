using System.Globalization;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Fencing;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>The adapter against the real fence_ipmilan, ipmitool and a simulated BMC.</summary>
public sealed class IpmiFenceTests : FenceContract
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FenceAgents agents = new();

    protected override Task<IPowerRig> NewRig() => IpmiRig.Begin();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_told_from_a_dead_device_and_not_shown()
    {
        await using var bmc = SimulatedBmc.Start();
        await Reads(await Valid(IpmiRig.Method(bmc, "right-horse")), PowerState.On);

        var wrong = await agents.Test(await Valid(IpmiRig.Method(bmc, "wrong-horse")), Limit, Cancel);
        var login = Assert.IsType<FenceTest.Failed>(wrong);
        Assert.Equal(FenceFault.LoginFailed, login.Fault);
        Assert.DoesNotContain("wrong-horse", login.Why, StringComparison.Ordinal);

        var method = await Valid(IpmiRig.Method(bmc, "right-horse"));
        await bmc.DisposeAsync();
        var dead = Assert.IsType<FenceTest.Failed>(await agents.Test(method, Limit, Cancel));
        Assert.True(dead.Fault is FenceFault.Unreachable or FenceFault.Timeout, dead.Why);
    }

    [Fact]
    public async Task Options_are_checked_against_the_metadata()
    {
        if (!File.Exists("/usr/sbin/fence_ipmilan"))
            Assert.Skip("fence-agents is not installed");
        var method = new FenceMethod(
            "bmc",
            "fence_ipmilan",
            [new("ipadress", "10.0.0.1", false), new("lan-plus", "maybe", false), new("auth", "sha9", false), new("action", "on", false)]);

        var findings = string.Join("\n", Assert.IsType<FenceMethodCheck.Invalid>(await agents.Check(method, Cancel)).Findings);

        Assert.Contains("did you mean 'ip'", findings, StringComparison.Ordinal);
        Assert.Contains("did you mean 'lanplus'", findings, StringComparison.Ordinal);
        Assert.Contains("auth='sha9' is not one of md5, password, none", findings, StringComparison.Ordinal);
        Assert.Contains("needs option ip", findings, StringComparison.Ordinal);
        Assert.Contains("action is set by Mainstay", findings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_and_dashed_names_are_normalized_and_secrets_marked()
    {
        if (!File.Exists("/usr/sbin/fence_ipmilan"))
            Assert.Skip("fence-agents is not installed");
        var method = new FenceMethod(
            "bmc",
            "fence_ipmilan",
            [new("ipaddr", "10.0.0.1", false), new("login", "admin", false), new("passwd", "x", false), new("power-wait", "0", false)]);

        var valid = await Valid(method);

        Assert.Equal(
            [new("ip", "10.0.0.1", false), new("password", "x", true), new("power_wait", "0", false), new("username", "admin", false)],
            valid.Options);
    }

    [Fact]
    public async Task A_missing_agent_says_so()
    {
        var method = new FenceMethod("bmc", "fence_nosuch", []);

        var failed = Assert.IsType<FenceTest.Failed>(await agents.Test(method, Limit, Cancel));

        Assert.Equal(FenceFault.AgentMissing, failed.Fault);
        Assert.IsType<FenceOutcome.Refused>(await agents.SwitchOff(method, Limit, Cancel));
        Assert.IsType<FenceMethodCheck.Invalid>(await agents.Check(method with { Agent = "fence_../../bin/sh" }, Cancel));
    }

    private async Task<FenceMethod> Valid(FenceMethod method) => (await agents.Check(method, Cancel)) switch
    {
        FenceMethodCheck.Valid valid => valid.Method,
        FenceMethodCheck.Invalid invalid => throw new InvalidOperationException(string.Join("; ", invalid.Findings)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The simulator needs a moment to listen.</summary>
    private async Task Reads(FenceMethod method, PowerState expected)
    {
        Observed<PowerState> seen = new Observed<PowerState>.Unknown("not read");
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline;)
        {
            seen = await agents.ReadPower(method, Limit, Cancel);
            if (seen is Observed<PowerState>.Known known && known.Value == expected)
                return;
        }

        Assert.Fail($"expected {expected}, last seen {seen}");
    }
}
