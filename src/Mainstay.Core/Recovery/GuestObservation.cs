using Mainstay.Core.Model;

namespace Mainstay.Core.Recovery;

/// <summary>What the hypervisor says a guest is doing.</summary>
public enum GuestRunState
{
    /// <summary>Executing, or about to: it may touch its disks.</summary>
    Running,

    /// <summary>Exists and holds its disks open but does not execute.</summary>
    Paused,

    /// <summary>No process.</summary>
    Stopped,
}

/// <summary>Why a guest stopped, as far as the hypervisor can tell.</summary>
public enum GuestStopCause
{
    /// <summary>The guest powered itself off, or obeyed an orderly shutdown.</summary>
    ShutDown,

    /// <summary>Destroyed on request (by us, or by somebody with virsh).</summary>
    Destroyed,

    /// <summary>Its process died or it panicked.</summary>
    Crashed,

    /// <summary>The hypervisor does not say.</summary>
    Unclear,
}

/// <summary>One guest as seen on a host.</summary>
public sealed record GuestObservation(GroupId Guest, string Uuid, GuestRunState State, GuestStopCause LastStop);

/// <summary>
/// All guests with a definition or a process on this host: what libvirt says and what a scan of processes finds (a QEMU that libvirt
/// forgot counts).
/// </summary>
public sealed record GuestInventory(ValueList<GuestObservation> Guests)
{
    /// <summary>What it says last of this guest; null when it does not name it.</summary>
    public GuestObservation? Find(string uuid)
    {
        var guests = Guests.AsSpan();
        for (var i = guests.Length - 1; i >= 0; i--)
        {
            if (guests[i].Uuid == uuid)
                return guests[i];
        }

        return null;
    }
}

/// <summary>A domain as libvirt defines it, read for adoption.</summary>
public sealed record GuestDefinition(GroupId Guest, string Uuid, string Xml, long MemoryMiB, bool Autostart, GuestRunState State)
{
    /// <summary>The disks it can write to, ordered: a path, or protocol and name.</summary>
    public ValueList<string> Disks { get; init; }
}

/// <summary>How a guest is stopped.</summary>
public enum StopMode
{
    /// <summary>Ask the guest (ACPI or agent); it is destroyed when the grace runs out.</summary>
    Graceful,

    /// <summary>End the process now.</summary>
    Destroy,

    /// <summary>Ask the guest; when it has not stopped by the end of the grace it runs on, and the outcome is unknown.</summary>
    Ask,
}

/// <summary>What became of an act on a guest.</summary>
public abstract record GuestOutcome
{
    private GuestOutcome()
    {
    }

    /// <summary>Done and seen: started guests run, stopped ones have no process left.</summary>
    public sealed record Done : GuestOutcome;

    /// <summary>Refused or failed, and surely without effect.</summary>
    public sealed record Failed(string Why) : GuestOutcome;

    /// <summary>It may or may not have happened (timeout, connection lost); the inventory decides.</summary>
    public sealed record Unknown(string Why) : GuestOutcome;
}
