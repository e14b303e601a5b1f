using Mainstay.Core.Facts;
using Mainstay.Simulator.Language;

namespace Mainstay.Simulator;

/// <summary>What happened in all lives of a soak: it shows which faults bit, and what was never reached.</summary>
public sealed class SoakTally
{
    private static readonly string[] ProofKinds = ["power", "new-boot", "kdump", "orderly", "lease", "storage", "person"];

    /// <summary>A few words of each reason that <c>FenceBrakes</c> gives.</summary>
    private static readonly string[] BrakeWords =
    [
        "no fence method is configured", "observer was stalled", "listens first", "more likely it is cut off itself",
        "observers do not hear it", "its kernel answers", "too many hosts fell silent", "another host was fenced on silence",
    ];

    public int Lives { get; private set; }

    public double VirtualSeconds { get; private set; }

    public long Violations { get; private set; }

    /// <summary>Sessions of hosts that were proved dead.</summary>
    public long HostDeaths { get; private set; }

    /// <summary>Guests that were given to another host because theirs was proved dead.</summary>
    public long Failovers { get; private set; }

    /// <summary>How often each step of the language was done.</summary>
    public SortedDictionary<string, long> Steps { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Facts { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Proofs { get; } = new(StringComparer.Ordinal);

    /// <summary>How often each brake held a fence back.</summary>
    public SortedDictionary<string, long> Brakes { get; } = new(StringComparer.Ordinal);

    /// <summary>The lives in which a rule broke.</summary>
    public List<SoakLife> Findings { get; } = [];

    /// <summary>Facts, proofs, brakes and steps that never occurred: what these would have shown, this soak did not.</summary>
    public IEnumerable<string> Never() =>
    [
        .. FactText.AllNames.Where(name => !Facts.ContainsKey(name)).Select(name => $"fact {name}"),
        .. ProofKinds.Where(kind => !Proofs.ContainsKey(kind)).Select(kind => $"proof {kind}"),
        .. BrakeWords.Where(words => !Brakes.ContainsKey(words)).Select(words => $"brake '{words}'"),
        .. StepParser.Verbs.Select(verb => verb.Pattern.Text).Where(step => !Steps.ContainsKey(step)).Select(step => $"step '{step}'"),
    ];

    public void Add(SoakLife life)
    {
        Lives++;
        VirtualSeconds += life.Result.VirtualSeconds;
        Violations += life.Result.Violations.Count + life.Result.Missed.Count;
        if (!life.Result.Passed)
            Findings.Add(life);
        foreach (var (step, times) in life.Result.StepsDone)
            Steps[step] = Steps.GetValueOrDefault(step) + times;
        var dead = new SortedSet<(string?, string?)>();
        foreach (var timed in life.Result.Facts)
        {
            Count(Facts, timed.Fact.Name);
            Look(timed.Fact, dead);
        }

        HostDeaths += dead.Count;
    }

    private void Look(FactText fact, SortedSet<(string?, string?)> dead)
    {
        switch (fact.Name)
        {
            case nameof(Fact.HostFenced):
                dead.Add((fact.Value("host"), fact.Value("session")));
                Count(Proofs, fact.Value("proof") ?? "");
                break;
            case nameof(Fact.FencingHeld):
                var why = fact.Value("why") ?? "";
                Count(Brakes, Array.Find(BrakeWords, words => why.Contains(words, StringComparison.Ordinal)) ?? why);
                break;
            case nameof(Fact.GroupAssigned) when fact.Value("because")?.Contains(" is dead, proof ", StringComparison.Ordinal) == true:
                Failovers++;
                break;
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}
