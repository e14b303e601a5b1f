namespace Mainstay.Contracts.Api;

/// <summary>The answer to a request.</summary>
public sealed record RequestReply
{
    /// <summary>The worst of <see cref="Items"/> where there are several.</summary>
    public required RequestOutcome Outcome { get; init; }

    /// <summary>One sentence: what was written, or why not and what to do.</summary>
    public required string Text { get; init; }

    /// <summary>One per guest for <c>protect --all</c>; empty otherwise.</summary>
    public IReadOnlyList<RequestItem> Items { get; set; } = [];

    /// <summary>Nothing was changed.</summary>
    public static RequestReply Refused(string why) => new() { Outcome = RequestOutcome.Refused, Text = why };
}
