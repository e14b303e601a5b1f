namespace Mainstay.Core.Node;

/// <summary>
/// The guards of ownership, fencing and starts, all on. Only the simulator's tests can take one away, to show that the checkers find its
/// absence.
/// </summary>
internal sealed record ProtocolGuards
{
    public static readonly ProtocolGuards All = new();

    /// <summary>S2: a group leaves its owner only on a recorded proof or the owner's confirmed stop.</summary>
    public bool ProofBeforeReassign { get; init; } = true;

    /// <summary>S2: a proof by the lease gives away no guest that runs on in isolation.</summary>
    public bool LeaseProofSparesKept { get; init; } = true;

    /// <summary>S3: a new owner has a new epoch.</summary>
    public bool EpochsRise { get; init; } = true;

    /// <summary>S3: an outcome that is not known is read back, and not taken for applied.</summary>
    public bool UnknownIsNotApplied { get; init; } = true;

    /// <summary>S3: a reading that is older than what is known confirms nothing: the store was put back in time.</summary>
    public bool DoubtsOlderReadings { get; init; } = true;

    /// <summary>S3: what this version cannot read is there, not absent. The simulator's watch leaves it out without this guard.</summary>
    public bool LeavesNewerAlone { get; init; } = true;

    /// <summary>S6: a new leader places guests only when it has seen all that its predecessor wrote.</summary>
    public bool KnowsPredecessorsWrites { get; init; } = true;

    /// <summary>S6: nothing is placed beside a placement that is not in the view yet.</summary>
    public bool OnePlacementAtATime { get; init; } = true;

    /// <summary>A placement applies only while rules and labels are as they were when it was decided.</summary>
    public bool PlacesByTheRulesAsTheyAre { get; init; } = true;

    /// <summary>S2: a claim applies only while the claimer's session is as read, online.</summary>
    public bool ClaimNeedsSession { get; init; } = true;

    /// <summary>S1: a guest is protected only by a host that still is a member when its beacon answers for it.</summary>
    public bool AdoptsOnlyAsMember { get; init; } = true;

    /// <summary>S2: the record is written anew before a start, when a write that lets go of it may still take effect.</summary>
    public bool AffirmsBeforeStart { get; init; } = true;

    /// <summary>S1: before a start the store is asked whether this host still is the owner.</summary>
    public bool ReadsBeforeStart { get; init; } = true;

    /// <summary>S3: who slept between reading and stamping reads again.</summary>
    public bool ReadsAgainAfterSleep { get; init; } = true;

    /// <summary>S1: the beacon arms no token on what was read before the lease ran out.</summary>
    public bool ExpiryEndsReadings { get; init; } = true;

    /// <summary>S1: before a start it is looked whether a copy runs here.</summary>
    public bool LooksBeforeStart { get; init; } = true;

    /// <summary>S4: the start goes on, once the token is armed, only while the view says that this host is the owner.</summary>
    public bool StartsOnlyOwned { get; init; } = true;

    /// <summary>S7: a group is started after those that it waits for.</summary>
    public bool StartsInOrder { get; init; } = true;

    /// <summary>S7: groups of a lower tier number are started first, as long as that costs little.</summary>
    public bool StartsByTiers { get; init; } = true;

    /// <summary>S7: who is waited for is as important as those that wait.</summary>
    public bool LiftsTiers { get; init; } = true;

    /// <summary>L1: a host begins so many starts at once as it can carry, and as the storage can.</summary>
    public bool StartsFewAtOnce { get; init; } = true;

    /// <summary>L3: other hosts have their turn before one where the group failed to start.</summary>
    public bool AvoidsFailedHosts { get; init; } = true;

    /// <summary>S4: the hook refuses a protected guest without a token.</summary>
    public bool HookChecksToken { get; init; } = true;

    /// <summary>S4: the hook refuses a token of another session.</summary>
    public bool HookChecksSession { get; init; } = true;

    /// <summary>S4: the token is taken back before the guest is stopped.</summary>
    public bool RevokesBeforeStop { get; init; } = true;

    /// <summary>S2: a stop is confirmed only when no process was seen left.</summary>
    public bool SeesItGone { get; init; } = true;

    /// <summary>S9: what seems to be a stray is stopped only when the store says again that it is one.</summary>
    public bool ReadsBeforeStoppingStray { get; init; } = true;

    /// <summary>S2: a host joins anew only when nothing of its last session is left.</summary>
    public bool ClearsOutBeforeJoin { get; init; } = true;

    /// <summary>S2: a guest whose end is unknown counts as running, when it is shown that nothing is left.</summary>
    public bool SeesAllGone { get; init; } = true;

    /// <summary>S2: a shutdown that the guest made itself is confirmed only when it was seen gone without its token.</summary>
    public bool LooksAfterRevoking { get; init; } = true;

    /// <summary>S2: a new boot ends the old session only when nobody hears that, and nobody objects.</summary>
    public bool ListensBeforeNewBoot { get; init; } = true;

    /// <summary>S2: who knows that a host lives objects in the store to a machine that comes in its name.</summary>
    public bool ObjectsToArrivals { get; init; } = true;

    /// <summary>S2: a person's word is about the session that the person was shown.</summary>
    public bool VouchesForTheSessionSeen { get; init; } = true;

    /// <summary>S2: a new boot ends the old session only on the machine that had it, as far as its firmware tells.</summary>
    public bool ComparesHardware { get; init; } = true;

    /// <summary>S9: a guest of a drained host is stopped only when the store says again that it is drained.</summary>
    public bool AsksBeforeDraining { get; init; } = true;

    /// <summary>S9: a host gives its session up only when the store says again that it is being fenced.</summary>
    public bool AsksBeforeGivingUp { get; init; } = true;

    /// <summary>S2: what was read of a host before the store was restored proves nothing afterwards.</summary>
    public bool SeeksProofsAnew { get; init; } = true;

    /// <summary>S2: a proof counts for the session that it was sought for, and for no later one.</summary>
    public bool ProofIsBoundToSession { get; init; } = true;

    /// <summary>S2: a session returns from fencing only while nothing proves its death.</summary>
    public bool NoReturnAfterProof { get; init; } = true;

    /// <summary>A session to whose death a keeper consented does not return.</summary>
    public bool NoReturnAfterConsent { get; init; } = true;

    /// <summary>L3: a restored store is told again which sessions are spent.</summary>
    public bool RecallsSpent { get; init; } = true;

    /// <summary>S2: "off" about a host that somebody hears is not believed.</summary>
    public bool DoubtsOffOfHeardHost { get; init; } = true;

    /// <summary>S2: "off" is not believed while another host may have been switched off instead.</summary>
    public bool DoubtsWiring { get; init; } = true;

    /// <summary>S5: nobody fences without a majority of the store.</summary>
    public bool FencesOnlyWithStore { get; init; } = true;

    /// <summary>S5: unless the session was put into fencing a moment ago, the store is asked again before the power is switched.</summary>
    public bool AsksAgainBeforeOff { get; init; } = true;

    /// <summary>S5: a power-off that nobody needs any more is called back.</summary>
    public bool AbandonsNeedlessOff { get; init; } = true;

    /// <summary>S5: a host in maintenance is not fenced.</summary>
    public bool RespectsMaintenance { get; init; } = true;

    /// <summary>S5: a disarmed cluster fences nobody.</summary>
    public bool RespectsDisarm { get; init; } = true;

    /// <summary>S9: a host whose kernel answers has only lost its beacon.</summary>
    public bool BelievesKernelAnswers { get; init; } = true;

    /// <summary>S5: an observer that stood still accuses nobody.</summary>
    public bool StalledDoesNotAccuse { get; init; } = true;

    /// <summary>S5: a leader that is new, or whose store is back, listens before it fences.</summary>
    public bool ListensFirst { get; init; } = true;

    /// <summary>S5: an observer that hears nobody, and whose devices do not answer or whose store does, accuses nobody.</summary>
    public bool DeafDoesNotAccuse { get; init; } = true;

    /// <summary>S5: a leader that hears none of the others gives way to one that does.</summary>
    public bool DeafDoesNotLead { get; init; } = true;

    /// <summary>S5: two thirds of the observers do not hear the host either.</summary>
    public bool AsksObservers { get; init; } = true;

    /// <summary>S5: many silent hosts at once are our own fault.</summary>
    public bool BrakesInStorm { get; init; } = true;

    /// <summary>S5: one host fenced on silence in ten seconds.</summary>
    public bool SpacesFences { get; init; } = true;
}
