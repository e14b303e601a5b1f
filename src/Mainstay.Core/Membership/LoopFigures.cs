namespace Mainstay.Core.Membership;

/// <summary>How late a beacon's loop woke since its process began, and what that cost its memory.</summary>
/// <param name="WakeUps">How often it woke for something that was due.</param>
/// <param name="Median">Half of them were late by no more than this; the others likewise.</param>
/// <param name="AllocatedBytes">By its thread, since it began. Does not grow once it is set up.</param>
/// <param name="Collections">Of garbage, in the whole process.</param>
public readonly record struct LoopFigures(
    long WakeUps, TimeSpan Median, TimeSpan P99, TimeSpan P999, TimeSpan Longest, long AllocatedBytes, int Collections);
