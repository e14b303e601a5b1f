using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Config;

/// <summary>The word that was meant, when one is near.</summary>
internal static class NearWord
{
    /// <summary>Such as <c> (did you mean 'tier'?)</c>, or nothing.</summary>
    public static string Meant(string typed, IEnumerable<string> known) =>
        known.MinBy(word => Distance(typed, word)) is { } best && Distance(typed, best) <= Math.Max(1, typed.Length / 3)
            ? $" (did you mean '{best}'?)"
            : "";

    // Two letters that changed places are one error of the hand.
    private static int Distance(string typed, string word) => EditDistance.Between(typed, word) is var distance && distance == 2
        && typed.Order().SequenceEqual(word.Order())
            ? 1
            : distance;
}
