using Mainstay.Contract.Tests.Simulated;
using Mainstay.Engine.Ports;

namespace Mainstay.Contract.Tests.Store;

/// <summary>The contract against the simulator's etcd: what the agents are tried on there must be what they meet here.</summary>
public sealed class SimulatedStoreTests : StoreContract
{
    protected override Task<IStoreRig> NewRig() => Task.FromResult<IStoreRig>(new Rig());

    private sealed class Rig : IStoreRig
    {
        private readonly VirtualDriver driver = new(hosts: 5, guests: 0, guestMemoryMiB: 0, static _ => { });
        private int clients;

        public TimeSpan Now => driver.Now;

        /// <summary>Each client is a host of its own.</summary>
        public IClusterStore Connect() => new SimulatedStore(driver, driver.Host(clients++));

        public Task LoseQuorum() => driver.Do(world => world.Etcd.SetOutage(true));

        public Task RestoreQuorum() => driver.Do(world => world.Etcd.SetOutage(false));

        public Task Compact() => driver.Do(world => world.Etcd.Compact());

        public ValueTask DisposeAsync() => driver.DisposeAsync();
    }
}
