using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>What this host has seen of the store, kept on its own disk across restarts.</summary>
public interface IStoreMarkFile
{
    /// <summary>Keeps it, whole or not at all. A disk that fails is noted by the adapter; the mark before stays.</summary>
    Task Save(StoreMark mark, CancellationToken cancel);
}
