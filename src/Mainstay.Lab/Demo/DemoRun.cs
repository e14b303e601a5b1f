using System.Globalization;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Demo;

/// <summary>One demonstration from an empty machine to an empty machine.</summary>
internal sealed class DemoRun(DemoOptions options, Narrator narrator)
{
    private static readonly TimeSpan SpeakLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FailoverLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BeatLimit = TimeSpan.FromSeconds(15);

    private readonly List<string> problems = [];
    private readonly string[] guests = [.. Enumerable.Range(1, options.Guests).Select(number => $"guest{number}")];
    private Failover? failover;
    private IReadOnlySet<string>? beating;
    private int? doubleRuns;

    /// <summary>What is known now; complete when <see cref="Play"/> has ended.</summary>
    public DemoReport Report(int code)
    {
        string[] all = [.. problems, .. code == 0 ? Array.Empty<string>()
            : ["It did not get to its end; the reason is on standard error."]];
        return new DemoReport
        {
            Recovered = beating?.Count ?? 0,
            Guests = guests.Length,
            DoubleRuns = doubleRuns,
            Seconds = failover is null ? null : DemoSeconds.Of(failover),
            Problems = all.Length > 0 ? all : null,
        };
    }

    public async Task Play(CancellationToken cancel)
    {
        narrator.Say("Mainstay: a host dies, its guests run on the survivors, once each.");
        await using var lab = await LabCluster.Up(options.Lab, cancel).ConfigureAwait(false);
        narrator.Step($"{lab.Options.Hosts.Count} hosts are up: each with its own libvirtd, power controller and two networks");
        await MainstaySetup.Join(lab, options.Fence, narrator.Say, cancel).ConfigureAwait(false);
        var feed = new FactFeed(lab);
        var sight = new ClusterSight(lab, feed);
        var storeLeader = await new EtcdSight(lab).WaitForVoters(lab.Layout.Voters, SettleLimit, cancel).ConfigureAwait(false);
        narrator.Step($"They are one cluster: 'mainstay init', 'mainstay join'; fenced by {FenceName}; "
            + $"etcd votes on all, leads on {storeLeader}");
        await using (var words = new GuestWatch(lab))
        {
            var (victim, atStake) = await StartGuests(lab, sight, words, cancel).ConfigureAwait(false);
            var survivor = lab.Options.Hosts.First(host => host != victim);
            var watch = new FailoverWatch(lab, feed, words, narrator.Show);
            narrator.Step($"{victim} loses its power now: SIGKILL to everything on it");
            failover = await watch.Kill(victim, atStake, now => now.AllSpeak, FailoverLimit, cancel).ConfigureAwait(false);
            await ReadDisks(lab, failover, cancel).ConfigureAwait(false);
            await BringBack(lab, sight, victim, survivor, cancel).ConfigureAwait(false);
        }

        DemoTable.Write(narrator, failover, Report(0));
        if (options.Keep)
            await LeaveUp(lab, cancel).ConfigureAwait(false);
    }

    private string FenceName => options.Fence switch
    {
        LabFence.Ipmi => "fence_ipmilan against a simulated BMC",
        LabFence.Instant => "a power switch that answers at once",
    };

    /// <summary>One guest on each host but the last, which runs all others.</summary>
    private static string HostOf(LabCluster lab, int guest) =>
        guest < lab.Options.Hosts.Count - 1 ? lab.Options.Hosts[guest] : lab.Options.Hosts[^1];

    /// <summary>The host with most guests, and these, by what the cluster says.</summary>
    private async Task<(string Host, IReadOnlyList<string> Guests)> StartGuests(
        LabCluster lab, ClusterSight sight, GuestWatch words, CancellationToken cancel)
    {
        var prepared = guests.Select(name => new LabGuest(name)).ToArray();
        await GuestSetup.Prepare(lab, prepared, cancel).ConfigureAwait(false);
        await Task.WhenAll(lab.Options.Hosts.Select(host => GuestSetup.Start(
            lab, host, prepared.Where((_, number) => HostOf(lab, number) == host), cancel))).ConfigureAwait(false);
        await words.WaitUntilAllSpoke(guests, SpeakLimit, cancel).ConfigureAwait(false);
        await MainstaySetup.ProtectAll(lab, cancel).ConfigureAwait(false);
        var status = await sight.WaitUntil(
            lab.Options.Hosts[0], "A cluster that is ready to lose a host",
            seen => ClusterSight.LackingForFailover(seen, lab.Options.Hosts, guests), SettleLimit, cancel).ConfigureAwait(false);
        narrator.Step($"{guests.Length} guests run and are protected where they run ('mainstay protect --all'); "
            + $"{status.Cluster.Leader} leads");
        foreach (var host in lab.Options.Hosts)
            narrator.Say($"{host}: {string.Join(' ', status.Guests.Where(guest => guest.Host == host).Select(guest => guest.Name))}");
        var most = status.Guests.GroupBy(guest => guest.Host ?? "").MaxBy(group => group.Count())
            ?? throw new LabException("No guest runs anywhere.");
        return (most.Key, [.. most.Select(guest => guest.Name)]);
    }

    private async Task ReadDisks(LabCluster lab, Failover ended, CancellationToken cancel)
    {
        beating = await DiskProof.Beating(lab, guests, BeatLimit, cancel).ConfigureAwait(false);
        problems.AddRange(guests.Where(guest => !beating.Contains(guest)).Select(guest => $"{guest} does not beat on its disk."));
        var moved = ended.Guests.Select(times => times.Guest).ToHashSet(StringComparer.Ordinal);
        var twice = new SortedSet<string>(ended.SawForeignWriter, StringComparer.Ordinal);
        var reports = DiskProof.Check(lab);
        narrator.Step("Did anything run twice? Each guest numbers its beats on its disk and marks them with the life that wrote them");
        foreach (var guest in guests)
        {
            var report = reports[guest];
            if (report.DoubleRuns.Count > 0)
                twice.Add(guest);
            var expected = moved.Contains(guest) ? 2 : 1;
            if (report.Lives != expected)
                problems.Add($"{guest} was started {report.Lives} times instead of {expected}.");
            narrator.Say(string.Create(CultureInfo.InvariantCulture,
                $"{guest,-8} {report.Beats,4} beats in a row, {report.Lives} {(report.Lives == 1 ? "life " : "lives")}: "
                + $"{(report.DoubleRuns.Count == 0 ? "never ran twice" : "RAN TWICE: " + report.DoubleRuns[0])}"));
        }

        doubleRuns = twice.Count;
        problems.AddRange(twice.Select(guest => $"{guest} ran twice."));
    }

    private async Task BringBack(LabCluster lab, ClusterSight sight, string victim, string survivor, CancellationToken cancel)
    {
        var began = narrator.Elapsed;
        await lab.Revive(victim, cancel).ConfigureAwait(false);
        var status = await sight.WaitUntil(survivor, $"The return of {victim}",
            seen => ClusterSight.LackingForFailover(seen, lab.Options.Hosts, guests), ReturnLimit, cancel).ConfigureAwait(false);
        var took = (narrator.Elapsed - began).TotalSeconds;
        narrator.Step(string.Create(CultureInfo.InvariantCulture,
            $"{victim} has power again and is online after {took:0.0} s; nothing moves back for the mere sake of it"));
        foreach (var host in lab.Options.Hosts)
            narrator.Say($"{host}: {string.Join(' ', status.Guests.Where(guest => guest.Host == host).Select(guest => guest.Name))}");
        problems.AddRange(status.Guests.Where(guest => guest.Host == victim).Select(guest => $"{guest.Name} moved back to {victim}."));
    }

    private async Task LeaveUp(LabCluster lab, CancellationToken cancel)
    {
        await lab.Keep(cancel).ConfigureAwait(false);
        narrator.Step("The lab stays up");
        narrator.Say("export MAINSTAY_LAB=demo          # which lab the commands below mean");
        narrator.Say("./mainstay lab shell n1           # on a host: mainstay status, events -f, explain guest6; virsh list");
        narrator.Say("./mainstay lab kill n2            # and lab revive, hang, cut, heal, bmc: see ./mainstay lab --help");
        narrator.Say("./mainstay lab check              # did anything run twice?");
        narrator.Say("./mainstay lab down               # removes it");
    }
}
