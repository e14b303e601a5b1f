namespace Mainstay.Contracts.Api;

/// <summary>Why a call gave no answer of its own kind: what is wrong, which value, what to do.</summary>
public sealed record ErrorReply
{
    /// <summary>A stable word: <c>malformed</c>, <c>not_found</c>, <c>refused</c>, <c>not_a_member</c>, <c>timeout</c>.</summary>
    public required string Error { get; init; }

    public required string Text { get; init; }
}
