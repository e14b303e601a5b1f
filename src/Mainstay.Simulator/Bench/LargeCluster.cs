using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Rules;

namespace Mainstay.Simulator.Bench;

/// <summary>
/// A cluster to measure placement on: hosts of one size in racks of eight, guests of mixed sizes that need memory, processors and huge
/// pages of two sizes, and a tenth of them under rules. The same every time.
/// </summary>
internal static class LargeCluster
{
    private const int HostsPerRack = 8;
    private const int GuestsPerRule = 5;
    private const long MostMemoryMiB = 8192;
    private const long SmallPage = 2048;
    private const long LargePage = 1_048_576;

    /// <param name="hosts">1 to 10,000.</param>
    /// <param name="guests">They take about 70 % of the memory, whatever their number.</param>
    /// <param name="running">False: none has an owner, as after a power cut of everything.</param>
    public static ClusterView Build(int hosts, int guests, bool running)
    {
        var entries = new List<StoreEntry>
        {
            new(new StoreKey.Cluster(), new ClusterSettings("large", "id", 1, TimingProfile.Balanced, true, "")
            {
                Capacity = new CapacityPolicy(1, ["rack"]),
            }, 1),
            new(new StoreKey.Rules(), Rules(guests), 1),
        };
        // The mean guest has 5 of 8 parts of the largest; ten in seventeen of them fill seven tenths.
        var perHost = (guests + hosts - 1) / hosts;
        var memory = perHost * MostMemoryMiB * 5 / 8 * 10 / 7;
        for (var h = 0; h < hosts; h++)
            AddHost(entries, h, memory, perHost);
        var draws = new SeededRandom(1);
        for (var g = 0; g < guests; g++)
            AddGuest(entries, g, g % hosts, running, draws);
        return ClusterView.Empty.Reload(entries.ToValueList(), 1);
    }

    public static HostId Host(int number) => new(string.Create(CultureInfo.InvariantCulture, $"h{number:0000}"));

    private static GroupId Guest(int number) => new(string.Create(CultureInfo.InvariantCulture, $"g{number:000000}"));

    private static SessionId Session(int host) => new((ulong)host + 1);

    private static void AddHost(List<StoreEntry> entries, int number, long memory, int perHost)
    {
        var (host, session) = (Host(number), Session(number));
        ValueList<HostLabel> labels = [new HostLabel("rack", string.Create(CultureInfo.InvariantCulture, $"r{number / HostsPerRack:000}"))];
        entries.Add(new(new StoreKey.Host(host), new HostConfig(number + 1, ["10.0.0.1"], 7780, [], false) { Labels = labels }, 1));
        entries.Add(new(new StoreKey.Session(host), new SessionRecord(session, new BootId("b"), SessionState.Online), 1));
        entries.Add(new(new StoreKey.Load(host), new HostLoad(session, memory, 0, 20 + (number % 7), true), 1));
        entries.Add(new(
            new StoreKey.Offer(host),
            new HostOffer(
                session,
                perHost,
                [new PageOffer(SmallPage, memory, 0), new PageOffer(LargePage, memory, 0)],
                ["bridge:br0", "bridge:br1"],
                []),
            1));
    }

    private static void AddGuest(List<StoreEntry> entries, int number, int on, bool running, SeededRandom draws)
    {
        var (group, size) = (Guest(number), MostMemoryMiB / 4 * (1 + (long)(draws.NextDouble() * 4)));
        ValueList<PageNeed> pages = (number % 10) switch
        {
            0 => [new PageNeed(SmallPage, size / 2)],
            1 => [new PageNeed(LargePage, size / 2)],
            _ => [],
        };
        var spec = new GroupSpec(
            group.Name, "", size, DesiredState.Running, "bench", false, GuestShutdownPolicy.StayDown, false, null)
        {
            Tier = number % 5,
            Needs = new GuestNeeds(1 + (number % 4), 64, pages, [number % 3 == 0 ? "bridge:br1" : "bridge:br0"]),
        };
        var phase = running
            ? (OwnershipPhase)new OwnershipPhase.Claimed(new HostSession(Host(on), Session(on)))
            : new OwnershipPhase.Free();
        entries.Add(new(new StoreKey.Group(group), spec, 1));
        entries.Add(new(new StoreKey.Ownership(group), new OwnershipRecord(new Epoch(1), phase, "bench", []), 1));
    }

    // Neighbours by number stand on neighbouring hosts, so that what must be apart is.
    private static RuleBook Rules(int guests)
    {
        var count = Math.Min(RuleBook.MostRules, Math.Max(1, guests / 10 / GuestsPerRule));
        var members = Math.Min(RuleBook.MostGuestsOfARule, Math.Max(2, guests / 10 / count));
        return new RuleBook(Enumerable.Range(0, count)
            .Select(rule => new PlacementRule(
                string.Create(CultureInfo.InvariantCulture, $"rule-{rule:000}"),
                PlacementRuleKind.Apart,
                Enumerable.Range(rule * members * 10, members).Where(guest => guest < guests).Select(Guest).ToValueList()))
            .ToValueList());
    }
}
