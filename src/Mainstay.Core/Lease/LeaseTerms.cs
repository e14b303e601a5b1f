namespace Mainstay.Core.Lease;

/// <summary>
/// What a host promises while its keeper lease is in force, counted from the send time of the last beacon that a majority of keepers
/// acknowledged. The times and the equation are derived in <c>docs/timing.md</c>.
/// </summary>
/// <param name="Freeze">From this age on the guests are frozen. At least ten beacon periods, less than <paramref name="Kill"/>.</param>
/// <param name="Kill">From this age on the guests are killed and the watchdog is fed no more unless nothing is left to kill.</param>
/// <param name="Reset">From the last feeding of the watchdog to the reset of the CPUs: as measured, with a margin.</param>
public sealed record LeaseTerms(TimeSpan Freeze, TimeSpan Kill, TimeSpan Reset)
{
    /// <summary>
    /// The longest stall between the check of the lease and the feeding that follows it. A longer one is caught by the check after.
    /// </summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(500);

    /// <summary>A write issued before the reset may reach the medium so much later (network, array or file server queue).</summary>
    public static readonly TimeSpan WritesLand = TimeSpan.FromSeconds(2);

    /// <summary>The beacon period: how finely the lease is looked at.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>How much the clocks of two hosts may differ in rate: 1000 ppm each.</summary>
    public const double Drift = 0.001;

    /// <summary>How long a guest may take to shut down in order on a host that is isolated: then the lease runs out so much
    /// later.</summary>
    public static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(30);

    /// <summary>A token is not honoured and none is armed when less than this is left before <see cref="Kill"/>.</summary>
    public static readonly TimeSpan StartNeeds = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a keeper must not have acknowledged the host, by its own clock, before the host's beacon, if it lives, has paused the
    /// guests: Freeze x (1 + 2 Drift), a look at the lease, and the act.
    /// </summary>
    public TimeSpan FrozenAfter => (Freeze * (1 + (2 * Drift))) + Step + Step;

    /// <summary>
    /// How long a keeper must not have heard the host, by its own clock, before it consents that the host be taken for dead: (Kill +
    /// Slack +
    /// Reset) x (1 + 2 Drift) + WritesLand + Step.
    /// </summary>
    public TimeSpan SafeAfter => ((Kill + Slack + Reset) * (1 + (2 * Drift))) + WritesLand + Step;
}
