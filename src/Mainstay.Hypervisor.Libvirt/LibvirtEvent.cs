using Mainstay.Core.Model;
using Mainstay.Core.Recovery;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>What a callback of libvirt said, copied out of it: a lifecycle event, or the end of the connection.</summary>
internal readonly record struct LibvirtEvent(string Name, string Uuid, int Kind, int Detail)
{
    private const int ConnectionClosed = -1;
    private const int Started = 2;
    private const int Suspended = 3;
    private const int Resumed = 4;
    private const int Stopped = 5;
    private const int PmSuspended = 7;
    private const int Crashed = 8;
    private const int StoppedByFailure = 5;

    internal bool IsEndOfConnection => Kind == ConnectionClosed;

    /// <summary>
    /// A process that died and a start that failed come as the same event, and a panicked guest may go on or stay: the state tells.
    /// </summary>
    internal bool NeedsState => Kind == Crashed || (Kind == Stopped && Detail == StoppedByFailure);

    internal string WhyClosed => Detail switch
    {
        1 => "libvirtd closed the connection",
        2 => "libvirtd does not answer keepalive messages",
        _ => "the connection to libvirtd failed",
    };

    internal static LibvirtEvent EndOfConnection(int reason) => new("", "", ConnectionClosed, reason);

    /// <summary>Null: nothing that concerns whether the guest runs.</summary>
    internal GuestObservation? Observation => Kind switch
    {
        Started or Resumed => Observed(GuestRunState.Running, GuestStopCause.Unclear),
        Suspended or PmSuspended => Observed(GuestRunState.Paused, GuestStopCause.Unclear),
        Crashed => Observed(GuestRunState.Paused, GuestStopCause.Crashed),
        Stopped => Observed(GuestRunState.Stopped, Detail switch
        {
            0 => GuestStopCause.ShutDown,
            // Panicked; or the monitor went away without a farewell.
            2 or StoppedByFailure => GuestStopCause.Crashed,
            // Destroyed, migrated away, saved, put back to a snapshot: somebody asked for it.
            _ => GuestStopCause.Destroyed,
        }),
        _ => null,
    };

    internal GuestObservation Observed(GuestRunState state, GuestStopCause lastStop) => new(new GroupId(Name), Uuid, state, lastStop);
}
