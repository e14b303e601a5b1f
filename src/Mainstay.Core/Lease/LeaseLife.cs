namespace Mainstay.Core.Lease;

/// <summary>
/// What ends with an expiry of the lease, or with the beacon process: whatever was read of the store before may have changed since without
/// this host having a say (S1).
/// </summary>
/// <param name="Incarnation">Of the beacon process.</param>
/// <param name="Expiries">How often the lease has run out in it.</param>
public readonly record struct LeaseLife(ulong Incarnation, long Expiries);
