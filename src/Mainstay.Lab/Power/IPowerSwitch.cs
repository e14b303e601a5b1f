namespace Mainstay.Lab.Power;

/// <summary>The hosts' power as the devices see it.</summary>
internal interface IPowerSwitch
{
    bool Knows(string host);

    BmcSetting SettingOf(string host);

    bool IsOn(string host);

    /// <summary>Returns when the host is off to its last process, or on and plugged in.</summary>
    Task Switch(string host, bool on, CancellationToken cancel);
}
