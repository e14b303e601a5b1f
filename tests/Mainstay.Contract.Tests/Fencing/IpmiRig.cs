using System.Globalization;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Fencing;
using Xunit;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>A real fence_ipmilan, ipmitool and ipmi_sim.</summary>
internal sealed class IpmiRig : IPowerRig
{
    private const string RightPassword = "right-horse";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FenceAgents agents = new();
    private readonly SimulatedBmc bmc = SimulatedBmc.Start();
    private FenceMethod method;

    private IpmiRig() => method = Method(bmc, RightPassword, ("power_timeout", "2"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The BMC needs a moment to listen.</summary>
    public static async Task<IPowerRig> Begin()
    {
        var rig = new IpmiRig();
        rig.method = Assert.IsType<FenceMethodCheck.Valid>(await rig.agents.Check(rig.method, Cancel)).Method;
        var deadline = DateTime.UtcNow + Limit;
        while (await rig.ReadPower() is not Observed<PowerState>.Known)
            Assert.True(DateTime.UtcNow < deadline, "the simulated BMC answers");
        return rig;
    }

    public static FenceMethod Method(SimulatedBmc bmc, string password, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var method = new FenceMethod(
            "bmc",
            "fence_ipmilan",
            [
                new("ip", "127.0.0.1", false),
                new("ipport", bmc.Port.ToString(CultureInfo.InvariantCulture), false),
                new("lanplus", "1", false),
                new("cipher", "3", false),
                new("username", "admin", false),
                new("password", password, false),
                new("power_wait", "0", false),
            ]);
        foreach (var (name, value) in more)
            method = method with { Options = method.Options.Add(new FenceOption(name, value, false)) };
        return method;
    }

    public Task<bool> IsOn() => Task.FromResult(bmc.IsOn);

    public Task<Observed<PowerState>> ReadPower() => agents.ReadPower(method, Limit, Cancel);

    public Task<FenceOutcome> SwitchOff() => agents.SwitchOff(method, Limit, Cancel);

    public Task Ignore()
    {
        bmc.Lie();
        return Task.CompletedTask;
    }

    public Task LoseThePassword()
    {
        method = method with
        {
            Options = method.Options.Select(o => o.Name == "password" ? o with { Value = "wrong-horse" } : o).ToValueList(),
        };
        return Task.CompletedTask;
    }

    public Task Die() => bmc.EndProcess();

    public ValueTask DisposeAsync() => bmc.DisposeAsync();
}
