using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Mainstay.Analyzers;

/// <summary>
/// Decides whether some arm surely takes every value: assumes as little as possible about the value, asks the arms in turn, and where
/// the answer depends on a place, assumes each of its alternatives. When in doubt the switch is incomplete and the build fails.
/// </summary>
internal sealed class SwitchCoverage(ImmutableArray<SwitchArm> arms)
{
    private const int MaxSteps = 20_000;

    private int steps;

    public bool IsComplete(ITypeSymbol type, bool mayBeNull)
    {
        steps = 0;
        return IsTaken(new Place("", type, mayBeNull), ImmutableDictionary<string, Alternative>.Empty);
    }

    private bool IsTaken(Place value, ImmutableDictionary<string, Alternative> assumed)
    {
        if (++steps > MaxSteps)
            return false;
        var matching = new PatternMatching(assumed);
        foreach (var arm in arms)
        {
            var verdict = matching.Matches(arm.Pattern, value);
            if (verdict.Answer == Answer.Split)
                return EachIsTaken(value, assumed, verdict.Place);
            if (verdict.Answer == Answer.Yes && !arm.Guarded)
                return true;
        }

        return false;
    }

    private bool EachIsTaken(Place value, ImmutableDictionary<string, Alternative> assumed, Place split)
    {
        foreach (var alternative in split.Alternatives())
        {
            if (!IsTaken(value, assumed.Add(split.Path, alternative)))
                return false;
        }

        return true;
    }
}
