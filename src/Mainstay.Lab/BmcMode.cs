namespace Mainstay.Lab;

/// <summary>How the power devices of a host (its BMC and its instant switch) behave.</summary>
public enum BmcMode
{
    Ok,

    /// <summary>Nothing answers, as when the BMC lost its power too.</summary>
    Dead,

    /// <summary>Every answer comes late.</summary>
    Slow,

    /// <summary>Accepts every command and does nothing; what it reports is true.</summary>
    Deaf,

    /// <summary>Reports "off" while the host runs: no software can be safe against it, and the checkers must notice.</summary>
    Lying,

    /// <summary>Refuses the password it used to take.</summary>
    WrongPassword,
}
