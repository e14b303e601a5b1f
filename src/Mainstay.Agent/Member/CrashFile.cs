using Mainstay.Agent.Configuration;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Member;

/// <summary>Keeps the file for the crash kernel in step with session and peers. Only root may read it: it holds the key.</summary>
internal sealed class CrashFile(BeaconPaths paths, HostId self, Func<(ClusterView View, SessionId? Session)> sight, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>Until cancelled.</summary>
    public async Task Keep(CancellationToken cancel)
    {
        var written = "";
        var complained = false;
        while (true)
        {
            await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
            try
            {
                if (Text() is { } text && text != written)
                    PrivateFiles.Replace(paths.Crash, System.Text.Encoding.UTF8.GetBytes(written = text));
                complained = false;
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                written = "";
                if (!complained)
                    AgentLog.CrashFileFailed(log, paths.Crash, failed.Message);
                complained = true;
            }
        }
    }

    // Null while this host has no session: what the last one left stands.
    private string? Text()
    {
        var (view, session) = sight();
        if (session is not { } current || view.Hosts.GetValueOrDefault(self)?.Value is not { } own)
            return null;
        var peers = view.Hosts.Where(h => h.Key != self).SelectMany(h => h.Value.Value.Addresses).ToValueList();
        return new CrashNotice(File.ReadAllText(paths.ClusterKey).Trim(), own.Number, current, paths.Port, peers).ToText();
    }
}
