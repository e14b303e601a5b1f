using Mainstay.Lab.Hosts;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>Whatever a lab made is gone afterwards, however its supervisor ended.</summary>
[Collection("lab")]
public sealed class RemovalTests
{
    [Theory]
    [InlineData("down")]
    [InlineData("terminate")]
    [InlineData("kill")]
    public async Task Nothing_is_left_after(string end)
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        var options = BareLab.Options();
        var before = MadeElsewhere();
        var lab = await LabCluster.Up(options, cancel);
        await lab.Cut(new LinkCut("t1", LabNet.Storage, CutDirection.Out), cancel);
        var supervisor = (await lab.Status(cancel)).SupervisorPid;
        switch (end)
        {
            case "down":
                await lab.DisposeAsync();
                break;
            case "terminate":
                Posix.Signal(supervisor, Posix.Terminate);
                await BareLab.Until(() => Task.FromResult(ProcessTable.Find(supervisor) is not { Alive: true }), "the supervisor ends");
                await AssertGone(options, before);
                break;
            case "kill":
                Posix.Signal(supervisor, Posix.Kill);
                Assert.NotEmpty(ProcessTable.WithEnvironment(Mark(options)));
                break;
        }

        await LabCluster.Down(options.StateDirectory, cancel);
        await AssertGone(options, before);
        Assert.False(Directory.Exists(options.StateDirectory));
    }

    [Fact]
    public async Task A_lab_goes_down_with_the_program_that_began_it_and_a_new_one_removes_what_is_left()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        var options = BareLab.Options(hosts: 1);
        var first = await LabCluster.Up(options, cancel);
        await Assert.ThrowsAsync<LabException>(() => LabCluster.Up(options, cancel));
        var status = await first.Status(cancel);
        Posix.Signal(status.SupervisorPid, Posix.Kill);
        await BareLab.Until(
            () => Task.FromResult(ProcessTable.Find(status.SupervisorPid) is not { Alive: true }), "the supervisor is dead");

        var second = await LabCluster.Up(options, cancel);
        Assert.False(ProcessTable.Find(status.Hosts[0].InitPid ?? 0) is { Alive: true });
        // What a crash of the owner looks like to the supervisor: its connection closes without "keep".
        second.Abandon();
        await BareLab.Until(() => Task.FromResult(ProcessTable.WithEnvironment(Mark(options)).Count == 0), "the lab follows its owner");
        await LabCluster.Down(options.StateDirectory, cancel);
    }

    private static string Mark(LabOptions options) => LabLayout.EnvironmentName + "=" + options.StateDirectory;

    private static string[] MadeElsewhere() => [.. new[] { "/etc/mainstay", "/var/lib/mainstay" }.Where(Directory.Exists)];

    private static async Task AssertGone(LabOptions options, string[] before)
    {
        Assert.Empty(ProcessTable.WithEnvironment(Mark(options)));
        Assert.DoesNotContain(Directory.EnumerateDirectories("/sys/class/net"),
            link => Path.GetFileName(link).StartsWith(options.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(options.StateDirectory, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        var tables = await BareLab.Program("nft", "list", "tables");
        Assert.DoesNotContain(new LabLayout(options).FaultTable, tables.OutputOr("nft"), StringComparison.Ordinal);
        Assert.Equal(before, MadeElsewhere());
    }
}
