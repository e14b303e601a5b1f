using System;

namespace Mainstay.Analyzers;

/// <summary>Whether a pattern matches all values that agree with what is assumed so far.</summary>
internal enum Answer
{
    Yes,
    No,

    /// <summary>It depends on something that is not counted through, such as the text of a string.</summary>
    Depends,

    /// <summary>It depends on which alternative a place holds: assume each in turn.</summary>
    Split,
}

/// <summary>An <see cref="Answer"/>; for <see cref="Answer.Split"/> with the place to split.</summary>
internal readonly struct Verdict(Answer answer, Place? place = null)
{
    public static readonly Verdict Yes = new(Answer.Yes);

    public static readonly Verdict No = new(Answer.No);

    public static readonly Verdict Depends = new(Answer.Depends);

    public Answer Answer { get; } = answer;

    public Place Place => place ?? throw new InvalidOperationException("Only a split has a place.");

    public static Verdict SplitAt(Place place) => new(Answer.Split, place);

    public static Verdict Of(bool matches) => matches ? Yes : No;

    public static Verdict Not(Verdict verdict) => verdict.Answer switch
    {
        Answer.Yes => No,
        Answer.No => Yes,
        _ => verdict,
    };

    /// <summary>Both must match. A certain No decides; otherwise a split comes first, as it makes the question smaller.</summary>
    public static Verdict And(Verdict left, Verdict right) =>
        left.Answer == Answer.No || right.Answer == Answer.No ? No
        : left.Answer == Answer.Split ? left
        : right.Answer == Answer.Split ? right
        : left.Answer == Answer.Depends ? left
        : right;

    public static Verdict Or(Verdict left, Verdict right) => Not(And(Not(left), Not(right)));
}
