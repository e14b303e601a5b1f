using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>A host's power behind a fence device, with the bad days that the contract needs. It is on at first.</summary>
public interface IPowerRig : IAsyncDisposable
{
    /// <summary>Ground truth.</summary>
    Task<bool> IsOn();

    Task<Observed<PowerState>> ReadPower();

    Task<FenceOutcome> SwitchOff();

    /// <summary>From now on the device says yes to every command and does nothing.</summary>
    Task Ignore();

    /// <summary>From now on we have a password that the device does not know.</summary>
    Task LoseThePassword();

    /// <summary>From now on the device does not answer.</summary>
    Task Die();
}
