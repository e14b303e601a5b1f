using System.Diagnostics;
using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Measure;

/// <summary>Ends all faults of a lab, and waits until its cluster is whole again: ready to lose any one host.</summary>
internal sealed class LabHealing(LabCluster lab, FactFeed feed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(45);

    private readonly ClusterSight sight = new(lab, feed);
    private readonly EtcdSight store = new(lab);

    /// <summary>Cables, BMCs, power and stopped processes are as they were at the start.</summary>
    public async Task EndFaults(CancellationToken cancel)
    {
        await lab.Heal(null, cancel).ConfigureAwait(false);
        var status = await lab.Status(cancel).ConfigureAwait(false);
        foreach (var host in status.Hosts)
        {
            if (host.Bmc != BmcMode.Ok)
                await lab.SetBmc(host.Name, BmcMode.Ok, TimeSpan.Zero, cancel).ConfigureAwait(false);
            if (host.Hung)
                await Wake(lab.Resume(host.Name, cancel)).ConfigureAwait(false);
            foreach (var program in host.Running)
                await Wake(lab.Resume(host.Name, program, cancel)).ConfigureAwait(false);
        }

        await PowerOn(status, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Until all hosts are members whose death could be proved, the store has all its voters, and every guest runs, is protected and beats.
    /// </summary>
    /// <returns>The status that showed it.</returns>
    public async Task<StatusReply> WaitUntilWhole(IReadOnlyList<string> guests, TimeSpan limit, CancellationToken cancel)
    {
        var waited = Stopwatch.StartNew();
        var last = "nothing was asked yet";
        for (; waited.Elapsed < limit; await Task.Delay(Pause, cancel).ConfigureAwait(false))
        {
            try
            {
                (var status, last) = await Look(guests, limit - waited.Elapsed, cancel).ConfigureAwait(false);
                if (status is not null)
                    return status;
            }
            catch (LabException off) when (off.HostIsOff)
            {
                // A watchdog that was not fed during the faults may reset its host a moment after their end; it is switched on.
                last = off.Message;
            }
        }

        throw new LabException($"The cluster was not whole within {limit.TotalSeconds:0} s after the faults: {last}\n{feed.LastFacts()}");
    }

    /// <summary>The status when all is well, or what is lacking; what a person would do about it is done.</summary>
    private async Task<(StatusReply? Whole, string Lack)> Look(IReadOnlyList<string> guests, TimeSpan limit, CancellationToken cancel)
    {
        // An "off" that was on its way to a BMC may arrive late and take a host that was switched on before.
        await PowerOn(await lab.Status(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        var (status, why) = await sight.Ask(lab.Options.Hosts[0], cancel).ConfigureAwait(false);
        if (status is null)
            return (null, why);
        // After a failure the leader tests a fence method again within a minute; whoever has mended it can ask for that at once.
        foreach (var host in status.Hosts.Where(host => host is { State: "online", Fencing.Ready: false }))
            await lab.Exec(lab.Options.Hosts[0], ["mainstay", "fence", "test", host.Name], AskLimit, cancel).ConfigureAwait(false);
        // A host that died three times within an hour, or a busy machine's slow answers, put a host into quarantine; whoever has ended the
        // faults lets it out.
        foreach (var host in status.Hosts.Where(host => host.Quarantine is not null))
            await lab.Exec(lab.Options.Hosts[0], ["mainstay", "quarantine", host.Name, "off"], AskLimit, cancel).ConfigureAwait(false);
        if (Lacking(status, guests) is { } lack)
            return (null, lack);
        await store.WaitForVoters(lab.Layout.Voters, limit, cancel).ConfigureAwait(false);
        var beating = await DiskProof.Beating(lab, guests, limit, cancel).ConfigureAwait(false);
        if (guests.Where(guest => !beating.Contains(guest)).ToArray() is not [] and var silent)
            throw new LabException($"Said to be running, but not beating: {string.Join(", ", silent)}.\n{feed.LastFacts()}");
        return (status, "");
    }

    private Task PowerOn(LabStatus status, CancellationToken cancel) =>
        Task.WhenAll(status.Hosts.Where(host => !host.On).Select(host => lab.Revive(host.Name, cancel)));

    private string? Lacking(StatusReply status, IReadOnlyList<string> guests) =>
        ClusterSight.LackingForFailover(status, lab.Options.Machines, guests) is { } lack ? lack
        : status.Warnings.Count > 0 ? string.Join("; ", status.Warnings)
        : null;

    private static async Task Wake(Task resumed)
    {
        try
        {
            await resumed.ConfigureAwait(false);
        }
        catch (LabException)
        {
            // It ended meanwhile, or its host was reset; either starts again.
        }
    }
}
