using Mainstay.Contract.Tests.Simulated;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Simulator.World;
using Xunit;

namespace Mainstay.Contract.Tests.Fencing;

/// <summary>The contract against the simulator's BMC.</summary>
public sealed class SimulatedFenceTests : FenceContract
{
    protected override Task<IPowerRig> NewRig() => Task.FromResult<IPowerRig>(new Rig());

    private sealed class Rig : IPowerRig
    {
        private readonly VirtualDriver driver = new(hosts: 2, guests: 0, guestMemoryMiB: 0, static _ => { });

        private SimHost Victim => driver.Host(1);

        public Task<bool> IsOn() =>
            driver.Ask<bool>((_, reply) => reply(Victim.PoweredOn), TestContext.Current.CancellationToken);

        public Task<Observed<PowerState>> ReadPower() => driver.Ask<Observed<PowerState>>(
            (_, reply) => Victim.Bmc.ReadPower(driver.Host(0), reply), TestContext.Current.CancellationToken);

        public Task<FenceOutcome> SwitchOff() => driver.Ask<FenceOutcome>(
            (_, reply) => Victim.Bmc.SwitchOff(driver.Host(0), reply), TestContext.Current.CancellationToken);

        public Task Ignore() => Become(BmcMode.Ignoring);

        public Task LoseThePassword() => Become(BmcMode.WrongPassword);

        public Task Die() => Become(BmcMode.Dead);

        public ValueTask DisposeAsync() => driver.DisposeAsync();

        private Task Become(BmcMode mode) => driver.Do(_ => Victim.Bmc.Set(mode, TimeSpan.Zero));
    }
}
