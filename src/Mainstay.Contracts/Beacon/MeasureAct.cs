namespace Mainstay.Contracts.Beacon;

/// <summary>What an agent asks of its beacon about the watchdog. The numbers are part of the protocol.</summary>
public enum MeasureAct
{
    /// <summary>Arm it, feed it once, and no more.</summary>
    Begin = 1,

    /// <summary>It did not reset the host: disarm it, or feed it on when that cannot be done.</summary>
    End = 2,

    /// <summary>Read the settings anew: what was measured stands there now.</summary>
    Read = 3,
}
