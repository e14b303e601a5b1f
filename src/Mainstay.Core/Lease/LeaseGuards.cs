namespace Mainstay.Core.Lease;

/// <summary>
/// The guards of the keeper lease, all on. Only the simulator's tests can take one away, to show that the checkers find its absence.
/// </summary>
internal sealed record LeaseGuards
{
    public static readonly LeaseGuards All = new();

    /// <summary>A renewal counts from when the beacon was sent, not from when the acknowledgement came.</summary>
    public bool CountsFromSend { get; init; } = true;

    /// <summary>A keeper never acknowledges a session again to whose death it consented.</summary>
    public bool NoAckAfterConsent { get; init; } = true;

    /// <summary>A keeper that has just started consents to nothing before the safe time has passed.</summary>
    public bool SilentAfterStart { get; init; } = true;

    /// <summary>A keeper acknowledges nobody before the store knows its incarnation.</summary>
    public bool RegistersFirst { get; init; } = true;

    /// <summary>A keeper consents only after the safe time without hearing the host.</summary>
    public bool WaitsSafeTime { get; init; } = true;

    /// <summary>Guests are killed at the killing age.</summary>
    public bool Kills { get; init; } = true;

    /// <summary>The watchdog is not fed from the killing age on while a guest may be left.</summary>
    public bool StopsFeeding { get; init; } = true;

    /// <summary>A new beacon feeds the watchdog only after a majority acknowledged it.</summary>
    public bool FeedsOnlyWhenProven { get; init; } = true;

    /// <summary>Time asleep counts, and nothing that was renewed before it does.</summary>
    public bool NoticesSleep { get; init; } = true;

    /// <summary>The lease is timed by a clock that no time service makes slower.</summary>
    public bool CountsUnslewed { get; init; } = true;

    /// <summary>A timer of the kernel is no watchdog of it.</summary>
    public bool RefusesSoftdog { get; init; } = true;

    /// <summary>A beacon counts only under the cluster's seal.</summary>
    public bool ChecksSeals { get; init; } = true;

    /// <summary>After feeding the lease is looked at again.</summary>
    public bool LooksTwice { get; init; } = true;
}
