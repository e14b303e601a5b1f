using Mainstay.Core.Model;
using Mainstay.Core.Ownership;
using Mainstay.Core.Recovery;

namespace Mainstay.Core.Tests.Recovery;

public sealed class RestartPolicyTests
{
    private static OwnershipRecord Failed(int times) => new(
        new Epoch(1), new OwnershipPhase.Free(), "test",
        Enumerable.Range(0, times).Select(_ => new StartFailure(new HostId("n1"), "x")).ToValueList());

    [Fact]
    public void In_place_first_then_elsewhere()
    {
        Assert.Equal(TimeSpan.Zero, RestartPolicy.InPlaceAfterFailure(1));
        Assert.NotNull(RestartPolicy.InPlaceAfterFailure(2));
        Assert.Null(RestartPolicy.InPlaceAfterFailure(3));
        Assert.NotNull(RestartPolicy.InPlaceAfterFailedStart(1));
        Assert.Null(RestartPolicy.InPlaceAfterFailedStart(2));
    }

    [Fact]
    public void Every_host_has_its_turn_before_any_pause_and_the_pause_grows_to_a_minute_and_never_ends()
    {
        Assert.Equal(TimeSpan.Zero, RestartPolicy.BeforeAssignment(Failed(2), 3));
        Assert.Equal(TimeSpan.FromSeconds(2), RestartPolicy.BeforeAssignment(Failed(3), 3));
        Assert.Equal(TimeSpan.FromSeconds(4), RestartPolicy.BeforeAssignment(Failed(6), 3));
        Assert.Equal(TimeSpan.FromSeconds(60), RestartPolicy.BeforeAssignment(Failed(20), 2));
    }

    [Fact]
    public void Only_the_last_failures_are_kept()
    {
        var record = Failed(0);
        for (var i = 0; i < 50; i++)
            record = RestartPolicy.WithFailure(record, new HostId("n2"), $"{i}");
        Assert.Equal(RestartPolicy.KeptFailures, record.Failures.Count);
        Assert.Equal("49", record.Failures[^1].Error);
    }
}
