namespace Mainstay.Contracts.Beacon;

/// <summary>What agent and beacon say to each other. The numbers are part of the protocol.</summary>
public enum FrameKind
{
    None = 0,

    /// <summary>Agent: replaces what the beacon knows.</summary>
    SetUp = 1,

    /// <summary>Agent: lets a guest start here; acknowledged.</summary>
    Arm = 2,

    /// <summary>Agent: takes the token of a guest back; acknowledged.</summary>
    Revoke = 3,

    /// <summary>Agent: it makes progress.</summary>
    Progress = 4,

    /// <summary>Agent: asks the beacon, as a keeper, to consent to the death of a session; answered by <see cref="Consented"/>.</summary>
    Consent = 5,

    /// <summary>Agent: feed the watchdog no more, so that its reset can be measured, or end that; acknowledged.</summary>
    Measure = 6,

    /// <summary>Beacon: what it hears.</summary>
    Report = 129,

    /// <summary>Beacon: answer to <see cref="Arm"/>, <see cref="Revoke"/> and <see cref="Measure"/>.</summary>
    Acknowledged = 130,

    /// <summary>Beacon: answer to <see cref="Consent"/>.</summary>
    Consented = 131,
}
