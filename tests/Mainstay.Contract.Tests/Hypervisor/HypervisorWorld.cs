using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;
using Mainstay.Engine.Ports;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>A guest of a test: its identity and its definition in the language of the hypervisor.</summary>
public sealed record TestGuest(GroupId Id, string Uuid, string Definition);

/// <summary>What a guest of a test does and is given.</summary>
public enum GuestKind
{
    /// <summary>Powers itself off when asked to shut down.</summary>
    Obedient,

    /// <summary>Runs on when asked to shut down.</summary>
    Deaf,

    /// <summary>Cannot be started: a disk of it is missing.</summary>
    Broken,
}

/// <summary>
/// The hypervisor under test and what happens around it: what guests, people and faults do without the adapter's knowledge.
/// </summary>
public abstract class HypervisorWorld
{
    /// <summary>Memory of every test guest.</summary>
    public const long GuestMemoryMiB = 4;

    /// <summary>Why this world cannot exist here; null where it can.</summary>
    public abstract string? Missing { get; }

    public abstract IHypervisor Hypervisor { get; }

    /// <summary>The time by which the hypervisor's limits and the guests' patience count.</summary>
    public virtual TimeSpan Now => TimeSpan.FromTicks(Environment.TickCount64 * TimeSpan.TicksPerMillisecond);

    /// <summary>Every call must end within this time, whatever the hypervisor does.</summary>
    public abstract TimeSpan Limit { get; }

    public abstract TestGuest NewGuest(GuestKind kind);

    /// <summary>Something guests need that the host has.</summary>
    public abstract NeededItem PresentItem { get; }

    /// <summary>Something guests need that it has not.</summary>
    public abstract NeededItem MissingItem { get; }

    /// <summary>Ground truth: whether anything of the guest still executes.</summary>
    public abstract bool HasProcess(TestGuest guest);

    /// <summary>Ground truth: whether the guest's own code has run since its last start.</summary>
    public abstract bool HasSpoken(TestGuest guest);

    /// <summary>The guest's process dies.</summary>
    public abstract Task Crash(TestGuest guest);

    /// <summary>The guest powers itself off.</summary>
    public abstract Task ShutDownFromInside(TestGuest guest);

    /// <summary>A person destroys the guest past the adapter.</summary>
    public abstract Task DestroyByHand(TestGuest guest);

    /// <summary>The hypervisor's daemon stops answering; guests run on.</summary>
    public abstract Task Hang();

    /// <summary>It answers again.</summary>
    public abstract Task Resume();

    /// <summary>The daemon dies and comes back; guests run on.</summary>
    public abstract Task Restart();

    /// <summary>The daemon dies and comes back without knowing that this guest runs.</summary>
    public abstract Task RestartUnaware(TestGuest guest);
}
