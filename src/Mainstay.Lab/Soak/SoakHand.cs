using Mainstay.Lab.Guests;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Soak;

/// <summary>Does the faults of a soak to the hosts of a lab.</summary>
internal sealed class SoakHand(LabCluster lab)
{
    private readonly GuestProcesses processes = new(lab);

    public async Task Begin(SoakFault fault, CancellationToken cancel)
    {
        var host = fault.Host;
        switch (fault.Kind)
        {
            case SoakKind.Kill:
            case SoakKind.DieWithBmc:
                await lab.Kill(host, fault.Kind == SoakKind.DieWithBmc, cancel).ConfigureAwait(false);
                break;
            case SoakKind.Hang:
                await lab.Hang(host, cancel).ConfigureAwait(false);
                break;
            case SoakKind.Isolate:
            case SoakKind.Blink:
                await lab.Isolate(host, cancel).ConfigureAwait(false);
                break;
            case SoakKind.OneWay:
                await lab.Cut(
                    [new LinkCut(host, LabNet.Management, fault.Direction), new LinkCut(host, LabNet.Storage, fault.Direction)],
                    cancel).ConfigureAwait(false);
                break;
            case SoakKind.CutManagement:
                await lab.Cut(new LinkCut(host, LabNet.Management, CutDirection.Both), cancel).ConfigureAwait(false);
                break;
            case SoakKind.CutStorage:
                await lab.Cut(new LinkCut(host, LabNet.Storage, CutDirection.Both), cancel).ConfigureAwait(false);
                break;
            case SoakKind.BmcDead:
                await lab.SetBmc(host, BmcMode.Dead, TimeSpan.Zero, cancel).ConfigureAwait(false);
                break;
            case SoakKind.CrashGuest:
                CrashGuest(host);
                break;
            case SoakKind.PauseAgent or SoakKind.PauseBeacon or SoakKind.PauseLibvirtd:
                await lab.Pause(host, ProgramOf(fault.Kind), cancel).ConfigureAwait(false);
                break;
            case SoakKind.KillAgent or SoakKind.KillBeacon or SoakKind.KillLibvirtd or SoakKind.KillStore:
                await lab.KillProcess(host, ProgramOf(fault.Kind), cancel).ConfigureAwait(false);
                break;
        }
    }

    public Task ReturnBmc(string host, CancellationToken cancel) => lab.SetBmc(host, BmcMode.Ok, TimeSpan.Zero, cancel);

    private static LabProcess ProgramOf(SoakKind kind) => kind switch
    {
        SoakKind.PauseBeacon or SoakKind.KillBeacon => LabProcess.Beacon,
        SoakKind.PauseLibvirtd or SoakKind.KillLibvirtd => LabProcess.Libvirtd,
        SoakKind.KillStore => LabProcess.Etcd,
        _ => LabProcess.Agent,
    };

    private void CrashGuest(string host)
    {
        if (processes.Find().FirstOrDefault(process => process.Host == host) is { } process)
            Posix.Signal(process.Pid, Posix.Kill);
    }
}
