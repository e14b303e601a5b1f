using Mainstay.Core.Fencing;
using Mainstay.Engine.Ports;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>A storage that two hosts write to, with the bad days that the contract needs. Both have access at first.</summary>
public interface IStorageRig : IAsyncDisposable
{
    /// <summary>Ground truth: a write of the victim is written, over what it has open or by connecting anew.</summary>
    Task<bool> CanWrite();

    /// <summary>The same of the other host.</summary>
    Task<bool> OtherCanWrite();

    Task<RevokeOutcome> Revoke();

    Task<RestoreOutcome> Restore();

    Task<StorageReading> Test();

    /// <summary>From now on it accepts every command and does nothing.</summary>
    Task Ignore();

    /// <summary>From now on it does not answer, as far as commands go.</summary>
    Task Die();
}
