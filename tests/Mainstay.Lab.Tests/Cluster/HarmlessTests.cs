using System.Diagnostics;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What is not a host's death moves nothing, fences nobody and disturbs no guest (S9).</summary>
[Collection("cluster")]
public sealed class HarmlessTests(ClusterLab cluster)
{
    [Fact]
    public Task A_killed_agent_comes_back_to_its_guests() => cluster.Play(async stage =>
    {
        var leader = await stage.Leader();
        var before = await stage.Take(leader);
        await stage.Lab.KillProcess(leader, LabProcess.Agent, stage.Cancel);
        await stage.Facts.Until("AgentResumed", leader);
        await stage.AssertNothingMoved(before);
    });

    [Fact]
    public Task An_agent_that_stands_still_for_ten_seconds_is_reported_and_nothing_else() => cluster.Play(async stage =>
    {
        var leader = await stage.Leader();
        var other = stage.OtherThan(leader);
        var before = await stage.Take(other);
        await stage.Lab.Pause(leader, LabProcess.Agent, stage.Cancel);
        await stage.Pass(TimeSpan.FromSeconds(10), stage.Guests[0]);
        var status = await stage.Until(other, "Word of the silent agent",
            seen => seen.Hosts.First(host => host.Name == leader).Agent is "silent" ? null : "it answers");
        Assert.Contains(status.Warnings, warning => warning.Contains(leader, StringComparison.Ordinal));
        await stage.Lab.Resume(leader, LabProcess.Agent, stage.Cancel);
        await stage.AssertNothingMoved(before);
    });

    [Theory]
    [InlineData(LabProcess.Beacon)]
    [InlineData(LabProcess.Libvirtd)]
    [InlineData(LabProcess.Etcd)]
    public Task A_killed_daemon_is_started_again_and_nothing_moves(LabProcess program) => cluster.Play(async stage =>
    {
        var (host, _) = await stage.Victim();
        if (program == LabProcess.Etcd)
            Assert.True(await stage.Store.MoveLeader(host, stage.Cancel));
        var before = await stage.Take(host);
        var killed = await stage.Lab.KillProcess(host, program, stage.Cancel);
        Assert.NotEmpty(killed);
        var known = (await stage.Lab.Status(stage.Cancel)).Hosts.Single(one => one.Name == host);
        await stage.Until(() => stage.Processes(host, program) is [_, ..] alive && !alive.Intersect(killed).Any(),
            $"{program} runs again on {known.Name}");
        await stage.Pass(TimeSpan.FromSeconds(2), stage.Guests[0]);
        await stage.AssertNothingMoved(before);
    });

    [Fact]
    public Task A_host_that_is_cut_off_for_a_second_is_suspected_and_not_fenced() => cluster.Play(async stage =>
    {
        var (host, _) = await stage.Victim();
        var observer = stage.OtherThan(host);
        for (var attempt = 1; ; attempt++)
        {
            var before = await stage.Take(observer);
            var cut = Stopwatch.StartNew();
            await stage.Lab.Isolate(host, stage.Cancel);
            await stage.Facts.Until("HostSuspected", host);
            await stage.Lab.Heal(host, stage.Cancel);
            var lasted = cut.Elapsed;
            if (lasted < TimeSpan.FromSeconds(1.5))
            {
                await stage.AssertNothingMoved(before);
                return;
            }

            // On a machine that is too busy to end the fault in time, it was another fault: the host may be fenced for it.
            Assert.True(attempt < 5, $"The machine is too busy: it took {lasted} to heal a link.");
            await stage.Healing.EndFaults(stage.Cancel);
            await stage.WaitUntilWhole();
            stage.Facts.Forget();
        }
    });

    [Theory]
    [InlineData(LabNet.Management)]
    [InlineData(LabNet.Storage)]
    public Task One_network_of_two_may_fail_for_long(LabNet net) => cluster.Play(async stage =>
    {
        var (host, guests) = await stage.Victim();
        var observer = stage.OtherThan(host);
        var before = await stage.Take(observer);
        await stage.Lab.Cut(new LinkCut(host, net, CutDirection.Both), stage.Cancel);
        await stage.Pass(TimeSpan.FromSeconds(5), guests[0]);
        Assert.Equal("online", (await stage.Status(observer)).Hosts.Single(one => one.Name == host).State);
        await stage.Lab.Heal(host, stage.Cancel);
        await stage.AssertNothingMoved(before);
    });

    [Fact]
    public Task While_the_store_stands_still_everything_runs_on_and_every_host_says_what_is_suspended() => cluster.Play(async stage =>
    {
        var before = await stage.Take(stage.Hosts[0]);
        foreach (var host in stage.Hosts.Skip(1))
            await stage.Lab.Pause(host, LabProcess.Etcd, stage.Cancel);
        foreach (var host in stage.Hosts)
            await stage.Until(host, "Word of the lost majority", seen => seen.Cluster.Quorum ? "there is a majority" : null);
        // Many times what an armed cluster needs to fence somebody, and several audits.
        await stage.Pass(TimeSpan.FromSeconds(20), stage.Guests[0]);
        foreach (var host in stage.Hosts)
        {
            var clock = Stopwatch.StartNew();
            var text = await stage.Exec(host, "mainstay", "status");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"status on {host} took {clock.Elapsed}");
            Assert.Contains("NO QUORUM", text.Output, StringComparison.Ordinal);
            Assert.Contains("nothing is fenced, started elsewhere or changed", text.Output, StringComparison.Ordinal);
            foreach (var guest in stage.Guests)
                Assert.Contains(guest, text.Output, StringComparison.Ordinal);
        }

        foreach (var host in stage.Hosts.Skip(1))
            await stage.Lab.Resume(host, LabProcess.Etcd, stage.Cancel);
        await stage.AssertNothingMoved(before);
    });

    [Fact]
    public Task Without_a_majority_of_the_store_commands_say_so_in_time_and_guests_run_on() => cluster.Play(async stage =>
    {
        var alone = stage.Hosts[0];
        var before = await stage.Take(alone);
        foreach (var host in stage.Hosts.Skip(1))
            await stage.Lab.Isolate(host, stage.Cancel);
        var status = await stage.Until(alone, "Word of the lost majority", seen => seen.Cluster.Quorum ? "there is a majority" : null);
        Assert.NotNull(status.Cluster.QuorumWhy);
        Assert.NotEmpty(status.Warnings);
        var text = await stage.Exec(alone, "mainstay", "status");
        Assert.Contains("no quorum", text.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var command in new[] { new[] { "stop", stage.Guests[0] }, ["disarm", "a test"], ["move", stage.Guests[0]] })
        {
            var clock = Stopwatch.StartNew();
            var refused = await stage.Exec(alone, ["mainstay", .. command, "--timeout", "5s"]);
            Assert.True(refused.Code is 1 or 3, $"{command[0]}: exit {refused.Code}: {refused.Errors}");
            Assert.NotEmpty(refused.Errors);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{command[0]} took {clock.Elapsed}");
        }

        await stage.Lab.Heal(null, stage.Cancel);
        await stage.AssertNothingMoved(before);
    });
}
