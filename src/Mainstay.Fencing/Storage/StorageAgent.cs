using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing.Storage;

/// <summary>One way to cut hosts off from a storage. It tells from readings of its own, never from the answer to a command.</summary>
internal abstract class StorageAgent
{
    /// <summary>Every agent's: whom the storage knows a host as.</summary>
    public const string ClientPrefix = "client.";

    public abstract ValueList<StorageOption> Options { get; }

    /// <summary>The hosts must be named one by one as the storage knows them.</summary>
    public virtual bool NeedsClients => true;

    /// <summary>What is wrong with values, one sentence each.</summary>
    public virtual IEnumerable<string> Findings(StorageConfig storage) => [];

    public abstract Task<RevokeOutcome> Revoke(StorageCall call, CancellationToken cancel);

    public abstract Task<RestoreOutcome> Restore(StorageCall call, CancellationToken cancel);

    public abstract Task<StorageReading> Read(StorageCall call, CancellationToken cancel);
}
