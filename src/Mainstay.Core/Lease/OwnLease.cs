namespace Mainstay.Core.Lease;

/// <summary>What a beacon tells its agent about its own lease and about itself as a keeper.</summary>
/// <param name="Incarnation">This life of the beacon process; 0 from a build that keeps no lease.</param>
/// <param name="Watchdog">From the last feeding to the reset, measured, with margin; null when the host has no usable watchdog.</param>
/// <param name="Age">Null when no majority has acknowledged anything yet.</param>
/// <param name="InForce">The terms the beacon keeps.</param>
/// <param name="KeepersEpoch">The keeper set it works with.</param>
/// <param name="Paused">Guests it has frozen right now.</param>
public sealed record OwnLease(
    ulong Incarnation, TimeSpan? Watchdog, LeaseState State, TimeSpan? Age, LeaseTerms? InForce, long KeepersEpoch, int Paused)
{
    /// <summary>How often it has run out in this life of the beacon.</summary>
    public long Expiries { get; init; }

    /// <summary>To be sent along with a token that is armed on what is read from now on.</summary>
    public LeaseLife Life => new(Incarnation, Expiries);

    public static readonly OwnLease None = new(0, null, LeaseState.Off, null, null, 0, 0);
}
