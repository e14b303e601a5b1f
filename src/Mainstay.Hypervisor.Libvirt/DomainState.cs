using Mainstay.Core.Recovery;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>A domain's state and reason by libvirt's numbers (<c>virDomainState</c> and the reason enumeration of each state).</summary>
internal readonly record struct DomainState(int State, int Reason)
{
    /// <summary>Of a domain that libvirt listed as running.</summary>
    internal static readonly DomainState Running = new(1, 0);

    private const int Paused = 3;
    private const int ShutOff = 5;
    private const int Crashed = 6;
    private const int Suspended = 7;
    private const int PausedWhileStarting = 11;

    /// <summary>A domain that is shutting down or in a state not known yet may still touch its disks, so it counts as running.</summary>
    internal GuestRunState RunState => State switch
    {
        Paused => Reason == PausedWhileStarting ? GuestRunState.Running : GuestRunState.Paused,
        Suspended => GuestRunState.Paused,
        // Asked only of an active domain: a panicked guest that is kept for inspection still has its process.
        Crashed => GuestRunState.Paused,
        ShutOff => GuestRunState.Stopped,
        _ => GuestRunState.Running,
    };

    internal GuestStopCause LastStop => State switch
    {
        Crashed => GuestStopCause.Crashed,
        ShutOff => Reason switch
        {
            1 => GuestStopCause.ShutDown,
            3 => GuestStopCause.Crashed,
            // Destroyed, migrated away, saved to a file, put back to a snapshot: somebody asked for it.
            2 or 4 or 5 or 7 => GuestStopCause.Destroyed,
            // Unknown, a start that failed, or gone while the daemon was away.
            _ => GuestStopCause.Unclear,
        },
        _ => GuestStopCause.Unclear,
    };
}
