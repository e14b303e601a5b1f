namespace Mainstay.Core.Model;

/// <summary>The cluster's time limits. <c>docs/timing.md</c> derives them; every value is measured on one host's monotonic clock.</summary>
/// <param name="BeaconPeriod">Between two beacons of a host.</param>
/// <param name="SuspectAfter">Silence on every network before a host is suspect: plans are made and its power is read.</param>
/// <param name="CommitAfter">Silence on every network before it is fenced on silence alone.</param>
/// <param name="SilenceFenceSpacing">At most one silence-based fence begins in this time (S5).</param>
/// <param name="StormHold">How long silence-based fencing is held when too many hosts fall silent at once (S5).</param>
/// <param name="UnprovenAlarm">Fencing without any proof for this long is reported.</param>
/// <param name="ClaimWithin">An assigned group that is not claimed by then is given to another host.</param>
/// <param name="AuditEvery">Between two comparisons of what runs with what is owned.</param>
public sealed record Timing(
    TimeSpan BeaconPeriod,
    TimeSpan SuspectAfter,
    TimeSpan CommitAfter,
    TimeSpan SilenceFenceSpacing,
    TimeSpan StormHold,
    TimeSpan UnprovenAlarm,
    TimeSpan ClaimWithin,
    TimeSpan AuditEvery)
{
    /// <summary>Age of the keeper lease at which guests are paused.</summary>
    public required TimeSpan LeaseFreeze { get; init; }

    /// <summary>Age of the keeper lease at which they are killed: no shorter than a network may be gone for everybody at once.</summary>
    public required TimeSpan LeaseKill { get; init; }

    private static readonly Timing Aggressive = Of(TimingProfile.Aggressive);
    private static readonly Timing Balanced = Of(TimingProfile.Balanced);
    private static readonly Timing Conservative = Of(TimingProfile.Conservative);

    public static Timing For(TimingProfile profile) => profile switch
    {
        TimingProfile.Aggressive => Aggressive,
        TimingProfile.Balanced => Balanced,
        TimingProfile.Conservative => Conservative,
    };

    private static Timing Of(TimingProfile profile) => new(
        BeaconPeriod: TimeSpan.FromMilliseconds(100),
        SuspectAfter: TimeSpan.FromMilliseconds(300),
        CommitAfter: profile switch
        {
            TimingProfile.Aggressive => TimeSpan.FromMilliseconds(800),
            TimingProfile.Balanced => TimeSpan.FromSeconds(2),
            TimingProfile.Conservative => TimeSpan.FromSeconds(5),
        },
        SilenceFenceSpacing: TimeSpan.FromSeconds(10),
        StormHold: TimeSpan.FromSeconds(30),
        UnprovenAlarm: TimeSpan.FromSeconds(30),
        ClaimWithin: TimeSpan.FromSeconds(5),
        AuditEvery: TimeSpan.FromSeconds(5))
    {
        LeaseFreeze = profile switch
        {
            TimingProfile.Aggressive => TimeSpan.FromSeconds(1),
            TimingProfile.Balanced => TimeSpan.FromSeconds(1.5),
            TimingProfile.Conservative => TimeSpan.FromSeconds(2),
        },
        LeaseKill = profile switch
        {
            TimingProfile.Aggressive => TimeSpan.FromSeconds(1.5),
            TimingProfile.Balanced => TimeSpan.FromSeconds(6),
            TimingProfile.Conservative => TimeSpan.FromSeconds(10),
        },
    };
}
