using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>
/// Cuts hosts off from shared storages and gives them back. Every call is idempotent and ends within its limit; a call that has ended,
/// however it ended, has no effect afterwards.
/// </summary>
public interface IStorageFence
{
    /// <summary>
    /// Cuts the host off and looks whether it is. <see cref="RevokeOutcome.Strong"/> only when every path was seen closed and nothing sent
    /// before can still be written.
    /// </summary>
    /// <param name="volumes">The disks that matter.</param>
    Task<RevokeOutcome> Revoke(
        StorageTarget target, StorageConfig storage, ValueList<string> volumes, TimeSpan limit, CancellationToken cancel);

    /// <summary>
    /// Gives the host access with this session. Called on the host itself, while nothing of an earlier session is left there.
    /// </summary>
    Task<RestoreOutcome> Restore(StorageTarget target, StorageConfig storage, TimeSpan limit, CancellationToken cancel);

    /// <summary>Reads whether the storage answers and what it knows of the host. Changes nothing.</summary>
    Task<StorageReading> Test(StorageTarget target, StorageConfig storage, TimeSpan limit, CancellationToken cancel);

    /// <summary>Checks agent and options without asking the storage.</summary>
    StorageCheck Check(StorageConfig storage);
}

/// <summary>What a storage says of a host.</summary>
public abstract record StorageReading
{
    private StorageReading()
    {
    }

    /// <summary>It has access.</summary>
    public sealed record Admitted(string Evidence) : StorageReading;

    /// <summary>It has no access.</summary>
    public sealed record CutOff(string Evidence) : StorageReading;

    /// <summary>No answer, or a fault of the configuration, with what to do.</summary>
    public sealed record Unknown(string Why) : StorageReading;
}

/// <summary>Whether a storage can be used as it is written.</summary>
public abstract record StorageCheck
{
    private StorageCheck()
    {
    }

    /// <summary>Usable; the secret options are marked.</summary>
    public sealed record Valid(StorageConfig Storage) : StorageCheck;

    /// <summary>One sentence per finding: what is wrong, which value, what to do.</summary>
    public sealed record Invalid(ValueList<string> Findings) : StorageCheck;
}
