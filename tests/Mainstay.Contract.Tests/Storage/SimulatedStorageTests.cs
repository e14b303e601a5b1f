using Mainstay.Contract.Tests.Simulated;
using Mainstay.Core.Fencing;
using Mainstay.Engine.Ports;
using Mainstay.Simulator.World;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>The contract against the simulator's storage.</summary>
public sealed class SimulatedStorageTests : StorageContract
{
    protected override Task<IStorageRig> NewRig() => Task.FromResult<IStorageRig>(new Rig());

    private sealed class Rig : IStorageRig
    {
        private readonly VirtualDriver driver = new(hosts: 2, guests: 0, guestMemoryMiB: 0, static _ => { });

        private static CancellationToken Cancel => TestContext.Current.CancellationToken;

        public Task<bool> CanWrite() => MayWrite(1);

        public Task<bool> OtherCanWrite() => MayWrite(0);

        public Task<RevokeOutcome> Revoke() => driver.Ask<RevokeOutcome>(
            (world, reply) => world.Storages[0].Revoke(driver.Host(0), driver.Host(1), reply), Cancel);

        public Task<RestoreOutcome> Restore() => driver.Ask<RestoreOutcome>(
            (world, reply) => world.Storages[0].Restore(driver.Host(1), reply), Cancel);

        // The virtual world has no reading of its own: what it holds is what a reading would show.
        public Task<StorageReading> Test() => driver.Ask<StorageReading>(
            (world, reply) => reply(
                world.Storages[0].Mode == StorageMode.Dead ? new StorageReading.Unknown("no answer")
                : world.Storages[0].IsCutOff(driver.Host(1)) ? new StorageReading.CutOff("none") : new StorageReading.Admitted("yes")),
            Cancel);

        public Task Ignore() => driver.Do(world => world.Storages[0].Set(StorageMode.Ignoring, TimeSpan.Zero));

        public Task Die() => driver.Do(world => world.Storages[0].Set(StorageMode.Dead, TimeSpan.Zero));

        public ValueTask DisposeAsync() => driver.DisposeAsync();

        private Task<bool> MayWrite(int host) =>
            driver.Ask<bool>((world, reply) => reply(world.Storages[0].MayWrite(driver.Host(host))), Cancel);
    }
}
