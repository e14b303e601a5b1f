using CsCheck;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Tests.Placement;

/// <summary>The placer against a deliberately dumb second implementation on small worlds.</summary>
public sealed class PlacerTests
{
    private static readonly Gen<(int[] Memory, int[] Load, int[] Guests)> Worlds = Gen.Select(
        Gen.Int[1, 64].Array[1, 6], Gen.Int[0, 100].Array[6], Gen.Int[1, 24].Array[1, 12]);

    private static ClusterView View(int[] memory, int[] load)
    {
        var view = ClusterView.Empty;
        for (var i = 0; i < memory.Length; i++)
        {
            var (host, session) = (new HostId($"n{i + 1}"), new SessionId((ulong)i + 1));
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i + 1, ["a"], 7780, [], false), 1))
                .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
                .With(new StoreEntry(new StoreKey.Load(host), new HostLoad(session, memory[i] * 1024, 0, load[i % load.Length], true), 1));
        }

        return view;
    }

    private static GroupSpec Spec(int gib, HostId? preferred = null) =>
        new("uuid", "<domain/>", gib * 1024, DesiredState.Running, "test", false, GuestShutdownPolicy.StayDown, false, preferred);

    private static PlacementWish Wish(GroupSpec spec, OwnershipRecord own) => new(new GroupId("web"), spec, own, "test");

    private static OwnershipRecord Free(params StartFailure[] failures) =>
        new(new Epoch(1), new OwnershipPhase.Free(), "test", failures.ToValueList());

    [Fact]
    public void S6_no_host_is_ever_given_more_than_its_memory_and_a_guest_is_left_only_when_it_fits_nowhere() =>
        Worlds.Sample(world =>
        {
            var free = world.Memory.Select(m => m * 1024).ToArray();
            var placer = new Placer(View(world.Memory, world.Load), _ => null);
            foreach (var guest in world.Guests)
            {
                var fitsSomewhere = free.Any(f => f >= guest * 1024);
                var chosen = placer.Place(Wish(Spec(guest), Free())).Chosen;
                Assert.Equal(fitsSomewhere, chosen is not null);
                if (chosen is { } host)
                    free[int.Parse(host.Name[1..], System.Globalization.CultureInfo.InvariantCulture) - 1] -= guest * 1024;
                Assert.All(free, f => Assert.True(f >= 0));
            }
        });

    [Fact]
    public void S8_the_same_world_gives_the_same_choices() =>
        Worlds.Sample(world =>
        {
            PlacementDecision[] Run()
            {
                var placer = new Placer(View(world.Memory, world.Load), _ => null);
                return [.. world.Guests.Select(g => placer.Place(Wish(Spec(g), Free())))];
            }

            Assert.Equal(Run(), Run());
        });

    [Fact]
    public void More_memory_on_a_host_never_strands_a_single_guest() =>
        Worlds.Sample(world =>
        {
            var more = world.Memory.Select(m => m + 1).ToArray();
            foreach (var guest in world.Guests)
            {
                var before = new Placer(View(world.Memory, world.Load), _ => null).Place(Wish(Spec(guest), Free())).Chosen;
                var after = new Placer(View(more, world.Load), _ => null).Place(Wish(Spec(guest), Free())).Chosen;
                Assert.True(before is null || after is not null);
            }
        });

    [Fact]
    public void A_host_where_the_start_failed_comes_last_but_is_no_dead_end()
    {
        var failure = new StartFailure(new HostId("n1"), "no such bridge");
        Assert.Equal("n2", new Placer(View([64, 8], [0]), _ => null).Place(Wish(Spec(4), Free(failure))).Chosen?.Name);
        Assert.Equal("n1", new Placer(View([64], [0]), _ => null).Place(Wish(Spec(4), Free(failure))).Chosen?.Name);
    }

    [Fact]
    public void A_preferred_host_wins_when_it_can_take_the_guest()
    {
        Assert.Equal("n2", new Placer(View([64, 8], [0]), _ => null).Place(Wish(Spec(4, new HostId("n2")), Free())).Chosen?.Name);
        Assert.Equal("n1", new Placer(View([64, 2], [0]), _ => null).Place(Wish(Spec(4, new HostId("n2")), Free())).Chosen?.Name);
    }

    [Fact]
    public void Every_host_is_in_the_explanation_with_a_score_or_a_reason()
    {
        var decision = new Placer(View([64, 1, 8], [0, 50]), h => h.Name == "n3" ? "it is silent" : null).Place(Wish(Spec(4), Free()));
        Assert.Equal(["n1", "n2", "n3"], decision.Considered.Select(c => c.Host.Name));
        Assert.Equal([null, "needs 4096 MiB, 1024 MiB free", "it is silent"], decision.Considered.Select(c => c.Rejected));
    }
}
