using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Fencing.Storage;
using Xunit;

namespace Mainstay.Contract.Tests.Storage;

/// <summary>A storage that consists of scripts which keep its state and print it as the real tools do.</summary>
internal sealed class ScriptedRig : IStorageRig
{
    private readonly ToolFolder folder;
    private readonly StorageConfig config;
    private readonly Func<ToolFolder, string, bool> mayWrite;
    private readonly StorageFences fences;

    /// <param name="mayWrite">Ground truth: whether the storage takes writes of a host.</param>
    public ScriptedRig(ToolFolder folder, StorageConfig config, Func<ToolFolder, string, bool> mayWrite)
    {
        (this.folder, this.config, this.mayWrite) = (folder, config, mayWrite);
        fences = new StorageFences(static () => Target("n2", 2), folder.Tools);
        Assert.IsType<StorageCheck.Valid>(fences.Check(config));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ToolFolder Folder => folder;

    public Task<bool> CanWrite() => Task.FromResult(mayWrite(folder, "n1"));

    public Task<bool> OtherCanWrite() => Task.FromResult(mayWrite(folder, "n2"));

    public Task<RevokeOutcome> Revoke() => fences.Revoke(Target("n1", 1), config, [], TimeSpan.FromSeconds(20), Cancel);

    public Task<RestoreOutcome> Restore() => fences.Restore(Target("n1", 1), config, TimeSpan.FromSeconds(20), Cancel);

    public Task<StorageReading> Test() => fences.Test(Target("n1", 1), config, TimeSpan.FromSeconds(20), Cancel);

    public Task Ignore() => Become("ignores");

    public Task Die() => Become("dead");

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static StorageTarget Target(string host, int number) =>
        new(new HostSession(new HostId(host), new SessionId((ulong)number + 6)), number, []);

    private Task Become(string mark)
    {
        folder.Put(mark, "");
        return Task.CompletedTask;
    }
}
