using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>The status as a page: the cluster in a line, hosts, guests, and at the end what needs a person.</summary>
internal sealed class StatusView(TextWriter to, Ink ink, TimeProvider clock)
{
    public void Write(StatusReply status)
    {
        WriteCluster(status.Cluster);
        to.WriteLine();
        WriteHosts(status.Hosts);
        to.WriteLine();
        WriteGuests(status.Guests);
        to.WriteLine();
        WriteProblems(StatusProblems.Of(status));
    }

    public static (string Text, Tone Tone) Standing(GuestStatus guest)
    {
        var because = guest.Because is { Length: > 0 } why ? $": {why}" : "";
        return guest.Standing switch
        {
            StandingKind.Protected => ("protected" + because, Tone.Good),
            StandingKind.AtRisk => ("at risk" + because, Tone.Warning),
            StandingKind.NotProtected => ("not protected" + because, guest.Desired == "stopped" ? Tone.Faint : Tone.Bad),
        };
    }

    public static Tone ToneOf(string state) => state switch
    {
        "online" or "running" => Tone.Good,
        "fenced" or "blocked" => Tone.Bad,
        "stopped" or "left" => Tone.Faint,
        _ => Tone.Warning,
    };

    private void WriteCluster(ClusterStatus cluster)
    {
        var armed = cluster.Armed ? ink.Paint("armed", Tone.Good) : ink.Paint($"DISARMED ({cluster.DisarmReason})", Tone.Bad);
        var leader = cluster.Leader is { } name ? ink.Paint($"leader {name}", Tone.Plain) : ink.Paint("no leader", Tone.Warning);
        var quorum = cluster.Quorum ? ink.Paint("quorum", Tone.Good) : ink.Paint($"NO QUORUM ({cluster.QuorumWhy})", Tone.Bad);
        to.WriteLine($"{ink.Paint($"Cluster {cluster.Name}", Tone.Strong)}: {armed}, {quorum}, {leader}, {Ink.Clean(cluster.Profile)}");
        to.WriteLine(ink.Paint(
            string.Create(CultureInfo.InvariantCulture, $"as {cluster.AnsweredBy} sees it at {TimeText.Second(clock.GetUtcNow())}, "
                + $"agent {cluster.Version}, store revision {cluster.Revision}"),
            Tone.Faint));
        if (cluster.CapacityWhy.Length > 0)
        {
            to.WriteLine($"capacity {ink.Paint(cluster.Capacity, CapacityView.ToneOf(cluster.Capacity))}: "
                + Ink.Clean(cluster.CapacityWhy));
        }

        if (cluster.LastFailover is { } last)
            to.WriteLine(ink.Paint(RecoveryView.Sentence(last), Tone.Faint));
        if (cluster.CheckRefused + cluster.CheckWarnings > 0)
        {
            to.WriteLine(ink.Paint(
                $"mainstay check: {CheckView.Summary(cluster.CheckRefused, cluster.CheckWarnings)}",
                cluster.CheckRefused > 0 ? Tone.Warning : Tone.Faint));
        }
    }

    private void WriteHosts(IReadOnlyList<HostStatus> hosts)
    {
        var table = new TextTable("HOST", "STATE", "AGENT", "GUESTS", "MEMORY GiB", "CPU", "PROOF OF DEATH").AlignRight(3, 4, 5);
        foreach (var host in hosts)
        {
            table.AddWithNotes(
                [.. Notes(host)],
                new Cell(host.Name, Tone.Strong),
                new Cell(StateOf(host), ToneOf(host.State)),
                new Cell(host.Agent, host.Agent == "answers" ? Tone.Plain : Tone.Warning),
                host.Witness ? "-" : host.Guests.ToString(CultureInfo.InvariantCulture),
                host.MemoryMiB is { } memory ? $"{GiB(host.UsedMiB ?? 0)} of {GiB(memory)}" : "-",
                host.LoadPercent is { } load ? string.Create(CultureInfo.InvariantCulture, $"{load} %") : "-",
                host.Witness ? new Cell("not needed", Tone.Faint)
                : host.Fencing.Ready
                    ? new Cell("possible" + Methods(host.Fencing), Tone.Good)
                    : new Cell(host.Fencing.Why ?? "not possible", Tone.Warning));
        }

        table.Write(to, ink);
    }

    private static IEnumerable<string> Notes(HostStatus host)
    {
        if (host.Why is { Length: > 0 } why)
            yield return why;
        if (host is { Condition: not ("healthy" or "gray" or "silent" or "dead" or "away"), Evidence: { } evidence })
            yield return $"{host.Condition}: {evidence}; {host.Follows}";
        if (host.Quarantine is { } quarantine)
            yield return $"in quarantine, gets no new guests: {quarantine}";
    }

    private static string Methods(HostFencing fencing)
    {
        var working = fencing.Methods.Where(method => method.LastTest is { Ok: true }).Select(method => method.Name).ToList();
        if (fencing.LeaseSeconds is not null)
            working.Add("lease");
        return working.Count == 0 ? "" : $" ({string.Join(", ", working)})";
    }

    private static string StateOf(HostStatus host)
    {
        var silent = host.State is "suspect" or "fencing" && host.BeaconSilenceMs is { } silence
            ? $", silent {DurationText.Print(TimeSpan.FromMilliseconds(silence))}"
            : "";
        return host.State + silent + (host.Witness ? ", witness" : "") + (host.Maintenance ? ", maintenance" : "")
            + (host.Quarantine is null ? "" : ", quarantined") + (host.HypervisorOk == false ? ", libvirt silent" : "");
    }

    private void WriteGuests(IReadOnlyList<GuestStatus> guests)
    {
        if (guests.Count == 0)
        {
            to.WriteLine("No guest is protected. Adopt them where they run: mainstay protect --all");
            return;
        }

        var table = new TextTable("GUEST", "STATE", "HOST", "EPOCH", "STANDING").AlignRight(3);
        foreach (var guest in guests)
        {
            var (standing, tone) = Standing(guest);
            table.Add(
                new Cell(guest.Name, Tone.Strong),
                new Cell(guest.State, ToneOf(guest.State)),
                guest.Host ?? "-",
                guest.Epoch.ToString(CultureInfo.InvariantCulture),
                new Cell(standing, tone));
        }

        table.Write(to, ink);
    }

    private void WriteProblems(IReadOnlyList<StatusProblem> problems)
    {
        if (problems.Count == 0)
        {
            to.WriteLine(ink.Paint("No problems.", Tone.Good));
            return;
        }

        to.WriteLine(ink.Paint(problems.Count == 1 ? "1 problem" : $"{problems.Count} problems", Tone.Strong));
        foreach (var problem in problems)
        {
            to.WriteLine($"  {ink.Paint(problem.Text, Tone.Warning)}");
            if (problem.Do is not null)
                to.WriteLine($"    → {Ink.Clean(problem.Do)}");
        }
    }

    private static string GiB(long mebibytes) => (mebibytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture);
}
