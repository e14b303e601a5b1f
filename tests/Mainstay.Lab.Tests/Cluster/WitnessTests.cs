using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>Two hosts and a machine without libvirt: the loss of any one of the three is survived.</summary>
[Collection("witness")]
public sealed class WitnessTests(WitnessLab cluster)
{
    private const string Witness = "w1";

    [Fact]
    public Task The_guests_of_a_lost_host_run_on_the_other_and_never_on_the_witness() => cluster.Play(async stage =>
    {
        var (victim, guests) = await stage.Victim();
        var survivor = stage.OtherThan(victim);
        var move = await stage.Exec(survivor, "mainstay", "move", guests[0], Witness);
        Assert.NotEqual(0, move.Code);
        Assert.Contains($"{Witness} is a witness", move.Errors, StringComparison.Ordinal);
        await stage.Lab.Kill(victim, withBmc: false, stage.Cancel);
        var status = await stage.Until(survivor, "The recovery", seen =>
            seen.Guests.FirstOrDefault(guest => guest is not { State: "running" } || guest.Host != survivor) is { } lacking
                ? $"{lacking.Name} is {lacking.State} on {lacking.Host}: {lacking.Because}" : null);
        foreach (var guest in stage.Guests)
            Assert.Equal([survivor], stage.RunsOn(guest));
        // One vote more is one too many: the survivor's own loss would stop the store.
        Assert.All(status.Guests, guest => Assert.Equal(StandingKind.AtRisk, guest.Standing));
        Assert.Single(status.Warnings, warning => warning.Contains("lacks 1 of its 3 voters", StringComparison.Ordinal));
    });

    [Fact]
    public Task The_loss_of_the_witness_moves_nothing_and_the_status_says_what_it_costs() => cluster.Play(async stage =>
    {
        var (host, _) = await stage.Victim();
        var before = await stage.Take(host);
        await stage.Lab.Kill(Witness, withBmc: false, stage.Cancel);
        await stage.Facts.Until("HostSuspected", Witness);
        var status = await stage.Until(host, "Guests at risk",
            seen => seen.Guests.All(guest => guest.Standing == StandingKind.AtRisk) ? null : "they are called protected");
        Assert.All(status.Guests, guest => Assert.Contains("would have no quorum", guest.Because, StringComparison.Ordinal));
        // Longer than a host may be silent.
        await stage.Pass(TimeSpan.FromSeconds(4), stage.Guests[0]);
        var seen = Assert.Single((await stage.Status(host)).Hosts, known => known.Name == Witness);
        Assert.True(seen is { State: "suspect", Witness: true, HypervisorOk: null, Fencing.Ready: true });
        await stage.AssertNothingMovedYet(before);
        stage.Facts.Forget();
        await stage.Lab.Revive(Witness, stage.Cancel);
        await stage.WaitUntilWhole();
        await stage.AssertNothingMovedYet(before, but: "HostFenced");
    });
}
