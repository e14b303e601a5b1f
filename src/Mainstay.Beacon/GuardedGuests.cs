using Mainstay.Beacon.Native;
using Mainstay.Core.Lease;

namespace Mainstay.Beacon;

/// <summary>
/// Lays hands on the guests that the lease guards: QEMU processes, by their control group where libvirt made one, else by signals.
/// </summary>
internal sealed class GuardedGuests : IGuardedGuests
{
    private readonly StartGate gate;
    private readonly GuestProcesses processes = new();
    private readonly GuestFreezer freezer = new();
    private readonly Action tokensDropped;
    private readonly GuestProcesses.Visitor count;
    private readonly GuestProcesses.Visitor pause;
    private readonly GuestProcesses.Visitor go;
    private readonly GuestProcesses.Visitor kill;
    private int found;
    private bool told;
    private bool pauseAll;

    /// <param name="tokensDropped">Called when start tokens were taken, so that they are taken from the saved state too.</param>
    public GuardedGuests(StartGate gate, Action tokensDropped)
    {
        (this.gate, this.tokensDropped) = (gate, tokensDropped);
        count = (_, uuid) => found += Seen(uuid) ? 1 : 0;
        pause = (pid, uuid) => found += pauseAll || !gate.ShutsDown(uuid) ? Freeze(pid, uuid) : 0;
        go = (pid, uuid) => Thaw(pid, uuid);
        kill = (pid, uuid) => found += Signal(pid, uuid, Linux.SignalKill);
    }

    /// <summary>Guests that were stopped by the last pause and not let go since.</summary>
    public int Paused { get; private set; }

    public bool AnyLeft()
    {
        found = 0;
        return !processes.Visit(count) || found > 0 || gate.AnyGuardedComing();
    }

    public void Pause(bool all)
    {
        (found, pauseAll) = (0, all);
        processes.Visit(pause);
        if (Paused == 0 && found > 0)
            Note.Write($"no majority of keepers hears this host: {found} guests are paused");
        Paused = found;
    }

    public void Continue()
    {
        if (Paused > 0)
            Note.Write($"the keepers hear this host again: {Paused} guests go on");
        (Paused, told) = (0, false);
        processes.Visit(go);
    }

    public void Kill()
    {
        if (gate.DropGuarded())
            tokensDropped();
        found = 0;
        processes.Visit(kill);
        Paused = 0;
        if (found > 0 && !told)
            Note.Write($"the lease of this host has run out: {found} guests are killed");
        told = found > 0;
    }

    private bool Seen(ReadOnlySpan<char> uuid)
    {
        gate.HasCome(uuid);
        return gate.IsGuarded(uuid);
    }

    private int Freeze(int pid, ReadOnlySpan<char> uuid) =>
        !Seen(uuid) ? 0 : freezer.Freeze(pid) ? 1 : Signal(pid, uuid, Linux.SignalStop);

    // Both: an earlier life of this process may have used the other one.
    private void Thaw(int pid, ReadOnlySpan<char> uuid)
    {
        if (Signal(pid, uuid, Linux.SignalContinue) > 0)
            freezer.Thaw(pid);
    }

    private int Signal(int pid, ReadOnlySpan<char> uuid, int signal) => Seen(uuid) && Libc.Kill(pid, signal) == 0 ? 1 : 0;
}
