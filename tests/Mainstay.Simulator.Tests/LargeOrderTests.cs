using System.Text;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>A thousand guests by tiers and gates, and a quarter of the hosts is lost at once.</summary>
public sealed class LargeOrderTests
{
    private const int Hosts = 16;
    private const int GuestsOfHost = 65;
    private const int Unit = 5;

    [Fact]
    [Trait("cost", "slow")]
    public void A_quarter_of_the_hosts_comes_up_elsewhere_in_order_without_a_stall()
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();

        var result = ScenarioRunner.Run(Text(), "large-order", new ScenarioOptions());

        // All run, the checker of the order (S7) and every other one found nothing, and what waits waits for a gate only.
        Assert.True(result.Passed, result.ToText());
        Assert.Equal(Hosts * GuestsOfHost, result.Groups.Count(group => group.State == "running"));
        Assert.Contains(result.Facts, fact => fact.Fact.Name == "StartWaits");
        Assert.DoesNotContain(result.Facts, fact => fact.Fact.Name is "StartHeld" or "StartOrderGivenUp");
        var lost = result.Groups.Count(group => group.Epoch > 1);
        Assert.Equal(Hosts / 4 * GuestsOfHost, lost);
        Console.WriteLine($"order: {lost} of {Hosts * GuestsOfHost} guests recovered, {result.VirtualSeconds:0.0} virtual seconds with the "
            + $"quiet at the end, {clock.GetElapsedTime(began).TotalSeconds:0} s");
    }

    // Units of five on each host: a database of tier 1, a server of tier 2 that waits for its agent, and one each of the tiers 0, 3 and 4.
    private static string Text()
    {
        var (hosts, guests, losses) = (new StringBuilder("hosts:"), new StringBuilder(), new StringBuilder());
        for (var h = 1; h <= Hosts; h++)
        {
            hosts.Append($" n{h:00}");
            if (h > Hosts - (Hosts / 4))
                losses.AppendLine($"at 5s: power off n{h:00}");
            for (var unit = 0; unit < GuestsOfHost / Unit; unit++)
            {
                var name = $"u{h:00}-{unit:00}";
                guests.AppendLine($"guests: {name}-a {name}-b memory=1G on n{h:00} tier={3 + (unit % 2)}");
                guests.AppendLine($"guests: {name}-dns memory=1G on n{h:00} tier=0");
                guests.AppendLine($"guests: {name}-db memory=1G on n{h:00} tier=1 agent-after=2s");
                guests.AppendLine($"guests: {name}-web memory=1G on n{h:00} tier=2 after={name}-db:agent:hold");
            }
        }

        return $"A quarter of a large cluster is lost at once.\n\n{hosts} memory=192G\n{guests}\n{losses}"
            + "expect within 5m: all guests run\nuntil quiet\nexpect: converged\n";
    }
}
