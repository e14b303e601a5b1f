namespace Mainstay.Core.Lease;

/// <summary>Where a host's keeper lease stands, as its own beacon sees it.</summary>
public enum LeaseState
{
    /// <summary>No lease is in force: too few keepers, or no watchdog.</summary>
    Off,

    /// <summary>In force, but this beacon has not yet been acknowledged by a majority since it started: nothing may start.</summary>
    Waiting,

    /// <summary>A majority of keepers acknowledged lately.</summary>
    Valid,

    /// <summary>Older than the freezing age: guests are paused.</summary>
    Frozen,

    /// <summary>Older than the killing age: guests are killed, or the watchdog resets the host.</summary>
    Expired,
}
