using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Engine.Ports;

/// <summary>The connection to this host's beacon process. Reconnects by itself.</summary>
public interface IBeaconLink : IAsyncDisposable
{
    /// <summary>Reports and changes of the connection, until cancelled.</summary>
    IAsyncEnumerable<BeaconNews> Watch(CancellationToken cancel);

    /// <summary>
    /// Replaces what the beacon knows. Silently without effect while disconnected: the node sends it again after a reconnect.
    /// </summary>
    Task SetUp(BeaconSetup setup, CancellationToken cancel);

    /// <summary>True only when the beacon confirmed that the token is armed.</summary>
    /// <param name="read">The life of the lease when the store was asked; null when that does not matter.</param>
    Task<bool> Arm(
        GroupId group,
        string uuid,
        Epoch epoch,
        SessionId session,
        IsolationPolicy onIsolation,
        LeaseLife? read,
        CancellationToken cancel);

    /// <summary>
    /// Asks the beacon, as a keeper, whether it takes the session of the host with this number for dead, once it has not heard it for the
    /// safe
    /// time. Unknown when it does not answer; a consent that was given but not heard of does no harm.
    /// </summary>
    Task<Observed<ConsentAnswer>> Consent(int number, SessionId session, TimeSpan safeAfter, CancellationToken cancel);

    /// <summary>True only when the beacon confirmed that it holds no token for the guest any more.</summary>
    Task<bool> Revoke(GroupId group, string uuid, CancellationToken cancel);

    /// <summary>Says that the agent makes progress; peers see it in the beacons.</summary>
    Task ShowProgress(CancellationToken cancel);
}

/// <summary>What the beacon tells unasked.</summary>
public abstract record BeaconNews
{
    private BeaconNews()
    {
    }

    public sealed record Connected : BeaconNews;

    public sealed record Disconnected(string Why) : BeaconNews;

    public sealed record Reported(BeaconReport Report) : BeaconNews;
}
