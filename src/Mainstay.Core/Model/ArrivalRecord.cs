namespace Mainstay.Core.Model;

/// <summary>
/// A machine wants to join as this host in a new boot, and it is not clear that nothing of the host's session runs any more. Written by
/// that machine while it waits, and gone when it has joined.
/// </summary>
/// <param name="Hardware">What its firmware calls it; null when it says nothing usable.</param>
/// <param name="Why">Why it waits.</param>
/// <param name="Objection">Who knows that the host's session lives, and how; null while nobody does.</param>
public sealed record ArrivalRecord(BootId Boot, string? Hardware, string Why, string? Objection) : StoreValue;
