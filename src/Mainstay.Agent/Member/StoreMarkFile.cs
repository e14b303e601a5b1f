using Mainstay.Agent.Configuration;
using Mainstay.Contracts;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Member;

/// <summary>What this host has seen of the store, in a file of its own: with it a store that was put back in time is noticed.</summary>
internal sealed class StoreMarkFile(FileLayout layout, string clusterId, ILogger log) : IStoreMarkFile
{
    /// <summary>Null when there is none yet. A damaged one is refused: without it an old store would be believed.</summary>
    public static StoreMark? Load(FileLayout layout, string clusterId)
    {
        if (!File.Exists(layout.StoreMark))
            return null;
        var mark = StoreMarkText.Read(File.ReadAllBytes(layout.StoreMark), clusterId, out var damage);
        return damage is null
            ? mark
            : throw new AgentException($"{layout.StoreMark} is damaged ({damage}); it tells whether the store was restored from a backup. "
                + "If it was not, remove the file and start the agent again");
    }

    public async Task Save(StoreMark mark, CancellationToken cancel)
    {
        try
        {
            await Task.Run(() => PrivateFiles.Replace(layout.StoreMark, StoreMarkText.Write(mark, clusterId)), CancellationToken.None)
                .WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            AgentLog.StoreMarkNotSaved(log, layout.StoreMark, failed.Message);
        }
    }
}
