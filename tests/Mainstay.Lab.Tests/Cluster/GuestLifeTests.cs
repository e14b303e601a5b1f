using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What happens to one guest: by hand, from inside, by a crash, on request.</summary>
[Collection("cluster")]
public sealed class GuestLifeTests(ClusterLab cluster)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_second_start_by_hand_is_refused_with_the_owners_name(bool withUuid) => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        var other = stage.OtherThan(owner);
        var definition = (await stage.Exec(owner, "virsh", "-c", "qemu:///system", "dumpxml", "--inactive", guests[0])).Output;
        if (!withUuid)
            definition = string.Join('\n', definition.Split('\n').Where(line => !line.Contains("<uuid>", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(Path.Combine(stage.Lab.SharedDirectory, "copy.xml"), definition, stage.Cancel);
        var before = await stage.Take(owner);
        var start = await stage.Exec(other, "virsh", "-c", "qemu:///system", "create", "/srv/shared/copy.xml");
        Assert.NotEqual(0, start.Code);
        Assert.Contains($"{guests[0]} is protected by Mainstay and owned by {owner}", start.Errors, StringComparison.Ordinal);
        Assert.Equal([owner], stage.RunsOn(guests[0]));
        await stage.AssertNothingMoved(before);
    });

    [Fact]
    public Task A_guest_that_shuts_itself_down_stays_down_until_it_is_started() => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        var guest = guests[0];
        var life = stage.LastBeat(guest).Life;
        await stage.PowerOffFromInside(owner, guest);
        await stage.Facts.Until("GuestShutDown", guest);
        var status = await stage.Until(owner, "A stopped guest",
            seen => seen.Guests.First(known => known.Name == guest) is { State: "stopped", Desired: "stopped" } ? null : "not yet");
        Assert.Contains("shut down from inside", status.Guests.Single(known => known.Name == guest).Because, StringComparison.Ordinal);
        // Longer than a restart in place takes, and an audit.
        await stage.Pass(TimeSpan.FromSeconds(6), stage.Guests.First(known => known != guest));
        Assert.Empty(stage.RunsOn(guest));
        stage.Facts.AssertNone("GuestStarting", "GroupAssigned");

        await stage.Mainstay(owner, "start", guest, "--wait");
        Assert.Single(stage.RunsOn(guest));
        await stage.Until(() => stage.LastBeat(guest).Life != life, $"{guest} beats in a new life");
    });

    [Fact]
    public Task A_crashed_guest_is_restarted_in_place() => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        var guest = guests[^1];
        var before = await stage.Take(owner);
        Posix.Signal(stage.ProcessOf(guest), Posix.Kill);
        await stage.Facts.Until("GuestFailed", guest);
        await stage.Facts.Until("GuestStarted", guest);
        await stage.Until(() => stage.LastBeat(guest).Life != before.Lives[guest], $"{guest} beats in a new life");
        Assert.Equal([owner], stage.RunsOn(guest));
        var (was, now) = (before.Status.Guests.Single(known => known.Name == guest),
            (await stage.Status(owner)).Guests.Single(known => known.Name == guest));
        Assert.Equal((owner, was.Epoch), (now.Host, now.Epoch));
        stage.Facts.AssertNone("GroupAssigned", "FencingStarted");
    });

    [Fact]
    public Task A_guest_moves_by_ending_here_and_starting_there() => cluster.Play(async stage =>
    {
        var (owner, guests) = await stage.Victim();
        var (guest, target) = (guests[0], stage.OtherThan(owner));
        await stage.Move(guest, owner, target);
        Assert.Equal([target], stage.RunsOn(guest));
        Assert.Contains("move", (await stage.Explain(target, guest)).Why, StringComparison.Ordinal);
    });
}
