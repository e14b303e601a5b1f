using System.Text;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Xunit;

namespace Mainstay.Agent.Tests.Stored;

/// <summary>What a host remembers of the store survives its disk, and is not taken for another cluster's.</summary>
public sealed class StoreMarkTextTests
{
    private static readonly StoreMark Mark = new(
        "etcd cluster 00000000000000aa", 712, 3, new BootId("boot-1"), new SessionId(77),
        [new KnownHost(new HostId("n2"), new HostConfig(2, ["10.0.0.2", "10.1.0.2"], 7780, [], true))])
    {
        Spent = [new SpentSession(new HostSession(new HostId("n3"), new SessionId(78)), ["nas", "san"])],
    };

    [Fact]
    public void A_mark_comes_back_as_it_was()
    {
        Assert.Equal(Mark, StoreMarkText.Read(StoreMarkText.Write(Mark, "c1"), "c1", out var damage));
        Assert.Null(damage);
        var before = Mark with { Session = null, Spent = [] };
        Assert.Equal(before, StoreMarkText.Read(StoreMarkText.Write(before, "c1"), "c1", out _));
    }

    [Fact]
    public void The_mark_of_another_cluster_is_none()
    {
        Assert.Null(StoreMarkText.Read(StoreMarkText.Write(Mark, "c1"), "c2", out var damage));
        Assert.Null(damage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"schema\":1,\"clus")]
    [InlineData("null")]
    public void A_damaged_mark_says_so(string text)
    {
        Assert.Null(StoreMarkText.Read(Encoding.UTF8.GetBytes(text), "c1", out var damage));
        Assert.NotNull(damage);
    }
}
