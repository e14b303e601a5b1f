using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Recovery;
using Xunit;

namespace Mainstay.Simulator.Tests;

/// <summary>An agent that has nothing to do looks every few seconds at what runs on its host, and decides only when that is news.</summary>
public sealed class IdleAgentTests
{
    private const string Text = """
        Nothing happens.

        hosts: n1 n2 n3 memory=8G
        guests: web memory=1G on n1
        run 60s
        """;

    [Fact]
    public void A_look_that_finds_what_is_known_is_no_news()
    {
        var looks = new List<Look>();
        var result = Run(looks, static listed => listed);

        Assert.True(result.Passed, result.ToText());
        Assert.True(looks.Count > 30, $"{looks.Count} looks on three hosts in a minute");
        Assert.All(looks[^20..], look => Assert.True(look is { AskedIdly: true, Led: false }));
    }

    [Fact]
    public void A_look_that_misses_a_guest_is_news()
    {
        var looks = new List<Look>();
        var result = Run(looks, listed => looks.Count < 20 ? listed : new NodeInput.GuestsListed(
            listed.Operation, new Observed<GuestInventory>.Known(new GuestInventory([]))));

        Assert.Contains(looks[20..], look => look.Led);
        Assert.Contains(result.Facts, fact => fact.Fact.Name == "GuestFailed");
    }

    [Fact]
    public void A_look_without_an_answer_is_repeated_soon()
    {
        var looks = new List<Look>();
        Run(looks, listed => looks.Count != 20 ? listed : new NodeInput.GuestsListed(
            listed.Operation, new Observed<GuestInventory>.Unknown("libvirtd does not answer")));

        Assert.True(looks[20].Again <= TimeSpan.FromSeconds(1), $"it looks again after {looks[20].Again}");
    }

    private static ScenarioResult Run(List<Look> looks, Func<NodeInput.GuestsListed, NodeInput.GuestsListed> change) =>
        ScenarioRunner.Run(Text, "idle", new ScenarioOptions
        {
            Agents = birth => new Watched(CoreAgent.Create(birth), looks, change),
        });

    /// <summary>An answer to a look at what runs here.</summary>
    /// <param name="AskedIdly">Nothing was decided when the look began.</param>
    /// <param name="Led">The answer led to something.</param>
    /// <param name="Again">Until the agent wants to be woken.</param>
    private sealed record Look(bool AskedIdly, bool Led, TimeSpan Again);

    private sealed class Watched(ISimulatedAgent agent, List<Look> looks, Func<NodeInput.GuestsListed, NodeInput.GuestsListed> change)
        : ISimulatedAgent
    {
        public Instant NextWake => agent.NextWake;

        public bool IsSettled => agent.IsSettled;

        public string? WriteFault => agent.WriteFault;

        public ValueList<NodeEffect> Handle(NodeInput input, Instant now)
        {
            if (input is not NodeInput.GuestsListed listed)
                return agent.Handle(input, now);
            var told = change(listed);
            var idly = agent.IsSettled;
            var effects = agent.Handle(told, now);
            looks.Add(new Look(idly, !agent.IsSettled || !effects.IsEmpty, agent.NextWake - now));
            return effects;
        }
    }
}
