using Mainstay.Simulator.World;

namespace Mainstay.Simulator.Language;

/// <summary>Reads one step: when, and what.</summary>
internal sealed class StepParser(Names names)
{
    private static readonly TimeSpan QuietLimit = TimeSpan.FromMinutes(5);

    private static readonly Verb Call = new(
        "call HOST NEWNAME", "Give a host another name, for steps after it changed its role.", (run, w) =>
            run.Call(w.Hosts[0], w.Texts[0]));

    /// <summary>Everything a step can do, in the order of the reference.</summary>
    public static IReadOnlyList<Verb> Verbs { get; } =
    [
        .. FaultVerbs.Hosts, .. FaultVerbs.Clocks, .. FaultVerbs.Intruders, .. FaultVerbs.Networks, .. FaultVerbs.Bmcs,
        .. ClusterVerbs.Stores, .. StorageVerbs.All, .. ClusterVerbs.Guests, .. GrayVerbs.All, .. PlacementVerbs.Faults,
        .. ClusterVerbs.Requests, .. GrayVerbs.Requests, .. CapacityVerbs.Requests, .. PlacementVerbs.Requests,
        .. BalanceVerbs.Requests, Call,
    ];

    // No pattern begins with a value: those with another first word cannot fit.
    private static readonly ILookup<string, Verb> ByFirstWord = Verbs.ToLookup(verb => verb.Pattern.FirstWord, StringComparer.Ordinal);

    private static readonly Pattern[] Flow =
        [new("run TIME"), new("until quiet"), new("until quiet within TIME"), new("violation RULE")];

    private TimeSpan lastAt;

    public Step Parse(List<string> words, string text, int line)
    {
        var when = TakeTime(words, line);
        if (words.Count == 0)
            throw new ScenarioException(line, "nothing is to be done at that time: write a step after the colon");
        if (words[0] is "expect" or "expect:")
            return ParseExpectation(words, when, text, line);
        return Match(Flow[0], words) is { } run ? new Step.Run(line, when, text, run.Times[0])
            : Match(Flow[1], words) is not null ? new Step.UntilQuiet(line, when, text, QuietLimit)
            : Match(Flow[2], words) is { } quiet ? new Step.UntilQuiet(line, when, text, quiet.Times[0])
            : ParseVerb(words, when, text, line);
    }

    private StepTime TakeTime(List<string> words, int line)
    {
        if (words[0] is not ("at" or "after"))
            return new StepTime.Next();
        var absolute = words[0] == "at";
        var written = words.Count > 1 ? words[1] : "";
        if (!written.EndsWith(':'))
            throw new ScenarioException(line, $"'{words[0]} {written}' has no colon: write it such as '{words[0]} 10s: power off n1'");
        if (!Values.TryTime(written[..^1], out var time))
            throw new ScenarioException(line, $"'{written[..^1]}' is not a time: write it such as 300ms, 5s or 2m");
        words.RemoveRange(0, 2);
        if (!absolute)
            return new StepTime.After(time);
        if (time < lastAt)
            throw new ScenarioException(line, $"{written[..^1]} lies before {Values.Text(lastAt)} of an earlier step: order the steps");
        lastAt = time;
        return new StepTime.At(time);
    }

    private Step.Do ParseVerb(List<string> words, StepTime when, string text, int line)
    {
        string? via = null;
        if (words.Count > 2 && words[^2] == "via" && names.IsHost(words[^1]))
        {
            via = words[^1];
            words.RemoveRange(words.Count - 2, 2);
        }

        var misses = new Misses();
        foreach (var verb in ByFirstWord.Contains(words[0]) ? ByFirstWord[words[0]] : Verbs)
        {
            if (verb.Pattern.Match(words, names, out var reached, out var expected) is not { } found)
            {
                misses.Add(reached, expected);
                continue;
            }

            if (via is not null && !verb.IsRequest)
                throw new ScenarioException(line, $"'via {via}' fits only what an agent is asked: leave it out of '{text}'");
            found.Via = via;
            if (verb.NamesHost)
                names.Aliases.Add(found.Texts[0]);
            return new Step.Do(line, when, text, verb.Pattern.Text, run => verb.Act(run, found));
        }

        throw misses.Error("step", words, line);
    }

    private Step ParseExpectation(List<string> words, StepTime when, string text, int line)
    {
        words.RemoveAt(0);
        var within = TimeSpan.Zero;
        if (words.Count > 0 && words[0] == "within")
        {
            var written = words.Count > 1 ? words[1].TrimEnd(':') : "";
            if (!Values.TryTime(written, out within))
                throw new ScenarioException(line, $"'{written}' after 'within' is not a time: write it as in 'expect within 5s: …'");
            words.RemoveRange(0, 2);
        }

        // Both 'expect fact: X' and 'expect fact X' read well.
        if (words.Count > 0 && words[0].EndsWith(':'))
            words[0] = words[0][..^1];
        if (Match(Flow[3], words) is { } violation)
            return new Step.ExpectViolation(line, when, text, violation.Texts[0]);
        var misses = new Misses();
        foreach (var condition in Conditions.All)
        {
            if (condition.Pattern.Match(words, names, out var reached, out var expected) is { } found)
                return new Step.Expect(line, when, text, within, run => condition.Test(run, found));
            misses.Add(reached, expected);
        }

        throw misses.Error("expectation", words, line);
    }

    private Words? Match(Pattern pattern, List<string> words) => pattern.Match(words, names, out _, out _);
}
