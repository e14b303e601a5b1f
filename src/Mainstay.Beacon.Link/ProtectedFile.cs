using System.Text;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Membership;

namespace Mainstay.Beacon.Link;

/// <summary>
/// Keeps the list of protected guests on disk. Which guests they are is written at once; who owns them changes often during a failover
/// and is written now and then.
/// </summary>
internal sealed class ProtectedFile(string path, TimeProvider time)
{
    private static readonly TimeSpan StandingLag = TimeSpan.FromSeconds(10);

    private BeaconSetup? written;
    private long writtenAt;

    /// <summary>Why the last list could not be written; null when all is well. The next setup tries again.</summary>
    public string? Trouble { get; private set; }

    public async Task Save(BeaconSetup setup, CancellationToken cancel)
    {
        // S4: before this boot has joined, the agent may not have read the list yet; an old list protects better than an empty one.
        if (setup.Session is null || !Differs(setup))
            return;
        try
        {
            await Task.Run(() => Replace(ProtectedList.Write(setup.Protected)), cancel).ConfigureAwait(false);
            (written, Trouble, writtenAt) = (setup, null, time.GetTimestamp());
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The list is the second line of defence: a full disk must not keep the setup from the beacon, which is the first.
            (written, Trouble) = (null, failed.Message);
        }
    }

    private bool Differs(BeaconSetup setup)
    {
        if (written is null)
            return true;
        if (written.Protected == setup.Protected)
            return false;
        return time.GetElapsedTime(writtenAt) > StandingLag
            || !written.Protected.Select(guest => (guest.Uuid, guest.Group))
                .SequenceEqual(setup.Protected.Select(guest => (guest.Uuid, guest.Group)));
    }

    /// <summary>Written beside, forced to disk, then moved over: a host that loses power keeps the old list or has the new one.</summary>
    private void Replace(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? "/");
        var fresh = path + ".new";
        using (var file = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(text), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
