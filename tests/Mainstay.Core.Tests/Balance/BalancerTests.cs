using System.Globalization;
using CsCheck;
using Mainstay.Core.Balance;
using Mainstay.Core.Capacity;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Rules;

namespace Mainstay.Core.Tests.Balance;

/// <summary>Proposed moves even out the load, break nothing, and come to an end.</summary>
public sealed class BalancerTests
{
    private const int GiB = 1024;

    private static readonly Gen<World> Worlds = Gen.Select(
        Gen.Int[8, 64].Array[2, 5], Gen.Int[0, 100].Array[5], Gen.Select(Gen.Int[1, 8], Gen.Int[0, 4]).Array[0, 12],
        (hosts, cpu, guests) => new World(hosts, cpu, guests));

    private sealed record World(int[] Hosts, int[] Cpu, (int Gib, int At)[] Guests)
    {
        public override string ToString() =>
            $"hosts {string.Join(',', Hosts)} cpu {string.Join(',', Cpu)} guests {string.Join(' ', Guests)}";
    }

    [Fact]
    public void The_imbalance_falls_with_every_move_and_by_what_was_said() => Worlds.Sample(world =>
    {
        var plan = Balancer.Of(View(world), _ => null);
        Assert.True(plan.After <= plan.Before);
        Assert.All(plan.Moves, move => Assert.True(move.Gain >= Balancer.LeastGain - 0.05));
        Assert.Equal(plan.Before - plan.After, plan.Moves.Sum(move => move.Gain), 0.1 * (plan.Moves.Count + 1));
    });

    [Fact]
    public void No_guest_is_moved_twice_and_no_host_holds_more_than_it_has() => Worlds.Sample(world =>
    {
        var (view, plan) = (View(world), Balancer.Of(View(world), _ => null, Balancer.MostMoves));
        Assert.Equal(plan.Moves.Count, plan.Moves.Select(move => move.Group).Distinct().Count());
        foreach (var move in plan.Moves)
        {
            view = Moved(view, move);
            Assert.True(Used(view, move.To) <= view.Loads[move.To].Value.MemoryMiB);
        }
    });

    [Fact]
    public void Carried_out_again_and_again_it_comes_to_an_end() => Worlds.Sample(world =>
    {
        var (view, rounds) = (View(world), 0);
        for (var plan = Balancer.Of(view, _ => null); plan.Moves.Count > 0; plan = Balancer.Of(view, _ => null))
        {
            Assert.True(++rounds <= 50);
            view = plan.Moves.Aggregate(view, Moved);
        }
    });

    [Fact]
    public void S8_the_same_world_gives_the_same_moves() => Worlds.Sample(world =>
        Assert.Equal(Balancer.Of(View(world), _ => null), Balancer.Of(View(world), _ => null)));

    [Fact]
    public void Renaming_hosts_renames_the_answer() => Worlds.Sample(world =>
    {
        var plan = Balancer.Of(View(world), _ => null);
        var renamed = Balancer.Of(View(world, "rack-7-"), _ => null);
        string Named(HostId host) => host.Name.Replace("rack-7-", "n", StringComparison.Ordinal);
        Assert.Equal(
            plan.Moves.Select(move => (move.Group, move.From.Name, move.To.Name, move.Gain)),
            renamed.Moves.Select(move => (move.Group, Named(move.From), Named(move.To), move.Gain)));
        Assert.Equal((plan.Before, plan.After, plan.More), (renamed.Before, renamed.After, renamed.More));
    });

    [Fact]
    public void The_order_of_hosts_does_not_change_the_imbalance() => Worlds.Sample(world =>
    {
        var turned = world with
        {
            Hosts = [.. world.Hosts.Reverse()],
            Cpu = [.. world.Cpu.Take(world.Hosts.Length).Reverse()],
            Guests = [.. world.Guests.Select(guest => guest with { At = world.Hosts.Length - 1 - (guest.At % world.Hosts.Length) })],
        };
        Assert.Equal(Balancer.Of(View(world), _ => null).Before, Balancer.Of(View(turned), _ => null).Before);
    });

    [Fact]
    public void No_move_strands_a_guest_after_a_loss_that_had_a_place_before() => Worlds.Sample(world =>
    {
        var view = View(world);
        var before = CapacityBoard.Of(view, _ => null).Stranded.ToHashSet();
        foreach (var move in Balancer.Of(view, _ => null).Moves)
        {
            view = Moved(view, move);
            var after = CapacityBoard.Of(view, _ => null).Stranded.ToHashSet();
            Assert.Subset(before, after);
            before = after;
        }
    });

    [Fact]
    public void A_rule_holds_also_when_it_only_should()
    {
        var world = new World([32, 32], [0, 0], [(8, 0), (8, 0), (2, 1)]);
        Assert.NotEmpty(Balancer.Of(View(world), _ => null).Moves);
        foreach (var should in new[] { true, false })
        {
            var rule = new PlacementRule("pinned", PlacementRuleKind.On, [new GroupId("g0"), new GroupId("g1")])
            {
                Hosts = [new HostLabel(HostLabel.NameKey, "n0")], Should = should,
            };
            var view = View(world).With(new StoreEntry(new StoreKey.Rules(), new RuleBook([rule]), 9));
            Assert.Empty(Balancer.Of(view, _ => null).Moves);
        }
    }

    [Fact]
    public void A_host_in_quarantine_or_maintenance_or_silent_neither_gives_nor_takes()
    {
        var world = new World([32, 32], [0, 0], [(8, 0), (8, 0)]);
        var n1 = new HostId("n1");
        Assert.Empty(Balancer.Of(View(world).With(
            new StoreEntry(new StoreKey.Quarantine(n1), new QuarantineRecord(QuarantineCause.Disk, "slow"), 9)), _ => null).Moves);
        Assert.Empty(Balancer.Of(View(world).With(
            new StoreEntry(new StoreKey.Host(n1), new HostConfig(2, ["a"], 7780, [], true), 9)), _ => null).Moves);
        Assert.Empty(Balancer.Of(View(world), host => host == n1 ? "it is silent" : null).Moves);
    }

    [Fact]
    public void A_guest_stays_where_somebody_prefers_it_and_where_it_was_not_seen_running()
    {
        var world = new World([32, 32], [0, 0], [(8, 0)]);
        var (key, own) = (new StoreKey.Group(new GroupId("g0")), new StoreKey.Ownership(new GroupId("g0")));
        var view = View(new World([32, 32], [0, 0], [(8, 0), (8, 0)]));
        var spec = view.Groups[new GroupId("g0")].Value with { Prefers = [new HostId("n0")] };
        var other = view.Groups[new GroupId("g1")].Value with { Prefers = [new HostId("n0")] };
        Assert.Empty(Balancer.Of(
            view.With(new StoreEntry(key, spec, 9)).With(new StoreEntry(new StoreKey.Group(new GroupId("g1")), other, 9)),
            _ => null).Moves);
        var starting = View(world).Ownerships[new GroupId("g0")].Value with { HasRun = false };
        Assert.Empty(Balancer.Of(View(world).With(new StoreEntry(own, starting, 9)), _ => null).Moves);
    }

    [Fact]
    public void No_more_moves_than_asked_for_and_it_says_that_there_would_be()
    {
        var world = new World([64, 64], [0, 0], [(8, 0), (8, 0), (8, 0), (8, 0), (8, 0), (8, 0)]);
        var plan = Balancer.Of(View(world), _ => null, moves: 1);
        Assert.Single(plan.Moves);
        Assert.True(plan.More);
        Assert.Equal(3, Balancer.Of(View(world), _ => null).Moves.Count);
    }

    private static ClusterView Moved(ClusterView view, BalanceMove move) => view.With(new StoreEntry(
        new StoreKey.Ownership(move.Group),
        view.Ownerships[move.Group].Value with { Phase = new OwnershipPhase.Claimed(view.OnlineSession(move.To) ?? default) },
        view.Ownerships[move.Group].ModRevision + 1));

    private static long Used(ClusterView view, HostId host) => view.Ownerships
        .Where(own => OwnershipRules.PlaceOf(own.Value.Value) == host).Sum(own => view.Groups[own.Key].Value.HostMemoryMiB);

    /// <summary>A guest that does not fit on its host any more is left out.</summary>
    private static ClusterView View(World world, string name = "n")
    {
        var view = ClusterView.Empty;
        HostSession Session(int i) =>
            new(new HostId(name + i.ToString(CultureInfo.InvariantCulture)), new SessionId((ulong)i + 1));
        for (var i = 0; i < world.Hosts.Length; i++)
        {
            var (host, session) = (Session(i).Host, Session(i).Session);
            view = view
                .With(new StoreEntry(new StoreKey.Host(host), new HostConfig(i + 1, ["a"], 7780, [], false), 1))
                .With(new StoreEntry(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1))
                .With(new StoreEntry(
                    new StoreKey.Load(host), new HostLoad(session, world.Hosts[i] * GiB, 0, world.Cpu[i % world.Cpu.Length], true), 1));
        }

        for (var i = 0; i < world.Guests.Length; i++)
        {
            var (gib, at) = world.Guests[i];
            var (group, owner) = (new GroupId($"g{i}"), Session(at % world.Hosts.Length));
            if (Used(view, owner.Host) + (gib * GiB) > view.Loads[owner.Host].Value.MemoryMiB)
                continue;
            var spec = new GroupSpec("u", "<domain/>", gib * GiB, DesiredState.Running, "test", false, default, false, null);
            view = view
                .With(new StoreEntry(new StoreKey.Group(group), spec, 1))
                .With(new StoreEntry(
                    new StoreKey.Ownership(group),
                    new OwnershipRecord(new Epoch(1), new OwnershipPhase.Claimed(owner), "test", []) { HasRun = true },
                    1));
        }

        return view;
    }
}
