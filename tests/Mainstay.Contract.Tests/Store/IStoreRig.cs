using Mainstay.Engine.Ports;

namespace Mainstay.Contract.Tests.Store;

/// <summary>A store of one kind with the faults the contract needs. Each rig has keys of its own.</summary>
public interface IStoreRig : IAsyncDisposable
{
    /// <summary>The time by which the store's limits count.</summary>
    TimeSpan Now { get; }

    /// <summary>One more client of the same store. The rig disposes it.</summary>
    IClusterStore Connect();

    Task LoseQuorum();

    Task RestoreQuorum();

    /// <summary>Forgets the history up to the newest revision.</summary>
    Task Compact();
}
