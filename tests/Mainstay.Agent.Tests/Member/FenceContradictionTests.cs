using Mainstay.Agent.Member;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Tests.Member;

/// <summary>A device that reads "off" for a host that is heard is wired to another one.</summary>
public sealed class FenceContradictionTests
{
    private static readonly FenceMethod Method = new("bmc", "fence_ipmilan", []);

    [Theory]
    [InlineData(PowerState.Off, true, true)]
    [InlineData(PowerState.Off, false, false)]
    [InlineData(PowerState.On, true, false)]
    [InlineData(PowerState.On, false, false)]
    public void Only_off_about_a_host_that_is_heard_is_wrong(PowerState power, bool heard, bool wrong)
    {
        var found = FenceTests.Contradiction(new HostId("n1"), Method, new FenceTest.Read(power, TimeSpan.Zero), heard);
        Assert.Equal(wrong, found is not null);
        Assert.True(found?.Contains("reads 'off', but n1 is heard", StringComparison.Ordinal) ?? !wrong);
    }
}
