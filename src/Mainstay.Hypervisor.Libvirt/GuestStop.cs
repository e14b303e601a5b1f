using System.Diagnostics;
using Mainstay.Core.Recovery;
using Mainstay.Hypervisor.Libvirt.Native;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>
/// Stops one guest: asks it, then lets libvirt destroy it, then kills its process without libvirt. Done needs two things: no process
/// is left, and either libvirt says that the guest is not active or its process was seen to end (S2: a stop that frees a guest for
/// another host must be certain, also against a start that a hung libvirtd still holds).
/// </summary>
internal sealed class GuestStop(LibvirtLanes lanes, LibvirtOptions options, string uuid)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookAtLibvirt = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private enum Asked
    {
        NotActive,
        Accepted,
    }

    internal async Task<GuestOutcome> Run(StopMode mode, TimeSpan grace, CancellationToken cancel)
    {
        var processes = await Find(cancel).ConfigureAwait(false);
        if (processes is null)
            return new GuestOutcome.Unknown("the processes of this host cannot be read");
        try
        {
            if (mode is StopMode.Graceful or StopMode.Ask)
                await ShutDown(processes, grace, cancel).ConfigureAwait(false);
            if (mode == StopMode.Ask && !processes.TrueForAll(process => process.HasEnded))
                return new GuestOutcome.Unknown($"the guest has not shut down within {grace.TotalSeconds:0} s; it runs on");
            return await End(processes, cancel).ConfigureAwait(false);
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }
    }

    /// <summary>Returns when the guest has stopped or the grace is over. A guest that refuses (still booting) is asked again.</summary>
    private async Task ShutDown(List<GuestProcess> processes, TimeSpan grace, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var accepted = false;
        var next = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(began) < grace)
        {
            if (processes.Count > 0 && processes.TrueForAll(process => process.HasEnded))
                return;
            if (Stopwatch.GetElapsedTime(began) >= next)
            {
                var limit = Shorter(options.CallLimit, grace - Stopwatch.GetElapsedTime(began));
                var answer = accepted
                    ? await lanes.Ask(StillActive, limit, cancel).ConfigureAwait(false)
                    : await lanes.Ask(Request, limit, cancel).ConfigureAwait(false);
                if (answer is LaneAnswer<Asked>.Answered { Value: Asked.NotActive })
                    return;
                accepted |= answer is LaneAnswer<Asked>.Answered;
                next = Stopwatch.GetElapsedTime(began) + (accepted ? LookAtLibvirt : AskAgain);
            }

            await Task.Delay(Look, cancel).ConfigureAwait(false);
        }
    }

    private async Task<GuestOutcome> End(List<GuestProcess> seenBefore, CancellationToken cancel)
    {
        var answer = await lanes.Ask(Destroy, options.CallLimit, cancel).ConfigureAwait(false);
        var trouble = answer switch
        {
            LaneAnswer<bool>.Answered => null,
            LaneAnswer<bool>.Refused refused => refused.Why,
            LaneAnswer<bool>.NotBegun notBegun => notBegun.Why,
            LaneAnswer<bool>.Lost lost => lost.Why,
        };
        var left = await Find(cancel).ConfigureAwait(false);
        if (left is null)
            return new GuestOutcome.Unknown("the processes of this host cannot be read");
        try
        {
            var killed = left.Count > 0;
            left.AddRange(seenBefore.Where(process => left.TrueForAll(other => other.Pid != process.Pid)));
            var certain = trouble is null || killed || seenBefore.Count > 0;
            if (await KillAll(left, cancel).ConfigureAwait(false) is { } stuck)
                return new GuestOutcome.Unknown(stuck);
            return certain
                ? new GuestOutcome.Done()
                : new GuestOutcome.Unknown($"no process of the guest is seen, but libvirt does not confirm that it is stopped: {trouble}");
        }
        finally
        {
            left.ForEach(process => process.Dispose());
        }
    }

    /// <summary>Returns what is left after the limit, or null.</summary>
    private async Task<string?> KillAll(List<GuestProcess> processes, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var process in processes.Where(process => !process.HasEnded))
            process.Kill();
        while (processes.Find(process => !process.HasEnded) is { } resisting)
        {
            if (Stopwatch.GetElapsedTime(began) > options.KillLimit)
                return $"process {resisting.Pid} of the guest does not end after SIGKILL";
            await Task.Delay(Look, cancel).ConfigureAwait(false);
        }

        return null;
    }

    private Asked Request(LibvirtConnection connection)
    {
        using var domain = connection.FindByUuid(uuid);
        if (domain is null || !LibvirtConnection.IsActive(domain))
            return Asked.NotActive;
        LibvirtConnection.RequestShutdown(domain);
        return Asked.Accepted;
    }

    private Asked StillActive(LibvirtConnection connection)
    {
        using var domain = connection.FindByUuid(uuid);
        return domain is not null && LibvirtConnection.IsActive(domain) ? Asked.Accepted : Asked.NotActive;
    }

    private bool Destroy(LibvirtConnection connection)
    {
        using var domain = connection.FindByUuid(uuid);
        if (domain is null || !LibvirtConnection.IsActive(domain))
            return true;
        try
        {
            LibvirtConnection.Destroy(domain);
        }
        catch (LibvirtException failure) when (failure.Code == LibvirtErrors.OperationInvalid && !LibvirtConnection.IsActive(domain))
        {
            // It stopped by itself in between.
        }

        return true;
    }

    /// <summary>On a thread of its own: reading /proc blocks on a process that is stuck in the kernel.</summary>
    private async Task<List<GuestProcess>?> Find(CancellationToken cancel)
    {
        var search = Task.Factory.StartNew(
            () => GuestProcess.Open(uuid), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await search.WaitAsync(options.CallLimit, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
