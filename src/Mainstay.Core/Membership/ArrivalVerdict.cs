namespace Mainstay.Core.Membership;

/// <summary>Whether a new boot ends the session that its host had before.</summary>
public abstract record ArrivalVerdict
{
    private ArrivalVerdict()
    {
    }

    /// <summary>The old session runs nothing any more.</summary>
    public sealed record Welcome : ArrivalVerdict;

    /// <summary>The old session lives, or this is another machine.</summary>
    public sealed record Held(string Why) : ArrivalVerdict;

    /// <summary>Not everybody who could hear the old session has said that he does not.</summary>
    /// <param name="SameMachine">It is the machine that had the old session, by its firmware.</param>
    public sealed record Unclear(string Why, bool SameMachine) : ArrivalVerdict;
}
