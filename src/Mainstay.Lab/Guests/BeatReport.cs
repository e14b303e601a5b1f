namespace Mainstay.Lab.Guests;

/// <summary>What a guest's disk says about its past.</summary>
/// <param name="Beats">Beats still in the ring.</param>
/// <param name="Lives">How often the guest was started, as far as the ring goes back.</param>
/// <param name="LongestSilence">The longest time between two beats, by the guests' own clocks.</param>
/// <param name="DoubleRuns">One sentence per piece of evidence that two instances ran at once; empty is the proof that none did.</param>
public sealed record BeatReport(int Beats, int Lives, TimeSpan LongestSilence, IReadOnlyList<string> DoubleRuns);
