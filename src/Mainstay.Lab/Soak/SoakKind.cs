namespace Mainstay.Lab.Soak;

/// <summary>What a soak does to a host.</summary>
internal enum SoakKind
{
    /// <summary>Its power is gone.</summary>
    Kill,

    /// <summary>Every process stands still and nothing answers, but it has power.</summary>
    Hang,

    /// <summary>Both its networks are cut until its guests run elsewhere.</summary>
    Isolate,

    /// <summary>Its power and its BMC are gone; the BMC comes back after a while.</summary>
    DieWithBmc,

    /// <summary>Both its networks are cut until its guests run elsewhere, and its BMC is gone too, as behind a switch that died.</summary>
    IsolateWithBmc,

    /// <summary>Both its networks are cut for a moment.</summary>
    Blink,

    /// <summary>Nobody hears anybody for some seconds, as when the switch of all hosts fails over.</summary>
    Switch,

    /// <summary>It is not heard, or does not hear, on both networks for a while.</summary>
    OneWay,

    CutManagement,

    CutStorage,

    PauseAgent,

    PauseBeacon,

    PauseLibvirtd,

    KillAgent,

    KillBeacon,

    KillLibvirtd,

    KillStore,

    PauseStore,

    /// <summary>Its BMC is gone for a while, and nothing else.</summary>
    BmcDead,

    /// <summary>The process of one of its guests is killed.</summary>
    CrashGuest,
}
