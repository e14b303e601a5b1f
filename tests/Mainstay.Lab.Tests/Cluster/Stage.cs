using System.Diagnostics;
using System.Text.Json;
using Mainstay.Contracts.Api;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>What one test sees of the cluster and can do to it.</summary>
internal sealed class Stage
{
    /// <summary>Generous: a condition that holds at last may take this long on a machine that is busy with other things.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>What is reported when a host was given up or a guest was given, started or ended.</summary>
    private static readonly string[] Moves =
        ["FencingStarted", "HostFenced", "GroupAssigned", "GuestStarting", "GuestFailed", "StrayStopped", "SessionLost"];

    private readonly GuestProcesses processes;

    public Stage(LabCluster lab, IReadOnlyList<string> guests, CancellationToken cancel)
    {
        (Lab, Guests, Cancel) = (lab, guests, cancel);
        var feed = new FactFeed(lab);
        feed.News();
        Facts = new FactLog(lab, cancel);
        Sight = new ClusterSight(lab, feed);
        Healing = new LabHealing(lab, feed);
        Store = new EtcdSight(lab);
        processes = new GuestProcesses(lab);
    }

    public LabCluster Lab { get; }

    public IReadOnlyList<string> Guests { get; }

    public CancellationToken Cancel { get; }

    public IReadOnlyList<string> Hosts => Lab.Options.Hosts;

    /// <summary>What the agents said since the test began.</summary>
    public FactLog Facts { get; }

    public ClusterSight Sight { get; }

    public LabHealing Healing { get; }

    public EtcdSight Store { get; }

    /// <summary>The cluster as a host sees it, as soon as it answers.</summary>
    public Task<StatusReply> Status(string host) => Until(host, "An answer", _ => null);

    /// <summary>Until <paramref name="lacking"/> finds nothing lacking in a host's status.</summary>
    public Task<StatusReply> Until(string host, string what, Func<StatusReply, string?> lacking) =>
        Sight.WaitUntil(host, what, lacking, Limit, Cancel);

    public Task<StatusReply> WaitUntilWhole() => Healing.WaitUntilWhole(Guests, Limit + Limit, Cancel);

    public async Task<string> Leader() =>
        (await Until(Hosts[0], "A leader", seen => seen.Cluster.Leader is null ? "nobody leads" : null)).Cluster.Leader ?? "";

    /// <summary>
    /// Earlier tests may have driven all guests to one host. A test that loses that host needs one that runs on meanwhile; so one guest
    /// moves, before the facts of the test begin.
    /// </summary>
    public async Task LeaveNoHostWithAllGuests()
    {
        var status = await WaitUntilWhole();
        if (status.Guests.Select(guest => guest.Host).Distinct().Take(2).Count() > 1)
            return;
        var crowded = status.Guests[0].Host ?? "";
        await Move(Guests[0], crowded, OtherThan(crowded));
        await WaitUntilWhole();
    }

    /// <summary>A host with guests; one that does not lead when there is one.</summary>
    public async Task<(string Host, IReadOnlyList<string> Guests)> Victim()
    {
        var status = await Until(Hosts[0], "A leader", seen => seen.Cluster.Leader is null ? "nobody leads" : null);
        var chosen = status.Guests.GroupBy(guest => guest.Host ?? "")
            .OrderBy(group => group.Key == status.Cluster.Leader).ThenBy(group => group.Key, StringComparer.Ordinal).First();
        return (chosen.Key, [.. chosen.Select(guest => guest.Name)]);
    }

    /// <summary>
    /// Moves a guest and waits until it runs there. These guests do not listen to the power button, so this one is helped before it is
    /// ended by force.
    /// </summary>
    public async Task Move(string guest, string from, string to)
    {
        await Mainstay(from, "move", guest, to);
        await Until(from, $"The stop of {guest}",
            seen => seen.Guests.First(known => known.Name == guest).State == "stopping" ? null : "not yet");
        await PowerOffFromInside(from, guest);
        await Until(to, $"The move of {guest}", seen => seen.Guests.First(known => known.Name == guest) is { State: "running" } moved
            && moved.Host == to ? null : "not yet");
    }

    public string OtherThan(params string[] hosts) => Hosts.First(host => !hosts.Contains(host));

    /// <summary>Any command on a host of the lab.</summary>
    public async Task<CommandOutcome.Exited> Exec(string host, params string[] command) =>
        Assert.IsType<CommandOutcome.Exited>(await Lab.Exec(host, command, Limit, Cancel));

    /// <summary>A command of Mainstay that must succeed; its output.</summary>
    public async Task<string> Mainstay(string host, params string[] words)
    {
        var done = await Exec(host, ["mainstay", .. words]);
        Assert.True(done.Code == 0, $"mainstay {string.Join(' ', words)} on {host}: exit {done.Code}: {done.Errors}{done.Output}");
        return done.Output;
    }

    public async Task<ExplainReply> Explain(string host, string guest) =>
        JsonSerializer.Deserialize(await Mainstay(host, "explain", guest, "--json"), ApiJson.Default.ExplainReply)
        ?? throw new InvalidOperationException("An empty explanation.");

    /// <summary>The hosts on which a process of the guest lives.</summary>
    public IReadOnlyList<string> RunsOn(string guest) =>
        [.. processes.Find().Where(process => process.Guest == guest).Select(process => process.Host)];

    /// <summary>The pid, seen from the machine, of a guest's only process.</summary>
    public int ProcessOf(string guest) => Assert.Single(processes.Find(), process => process.Guest == guest).Pid;

    /// <summary>
    /// What a guest's operating system does last when it shuts down: it writes to its machine's power register (ACPI, PM1a control, S5).
    /// </summary>
    public async Task PowerOffFromInside(string host, string guest) =>
        await Exec(host, "virsh", "-c", "qemu:///system", "qemu-monitor-command", guest, "--hmp", "o /h 0x604 0x2000");

    /// <summary>The processes of one program on a host, seen from the machine.</summary>
    public IReadOnlyList<int> Processes(string host, LabProcess program) =>
        [.. ProcessTable.All().Where(pid => ProcessTable.Find(pid) is { Alive: true }
            && ProcessTable.CommandLine(pid) is [var word, ..] && Path.GetFileName(word) == NameOf(program)
            && ProcessTable.Mounts(pid).Contains(Lab.HostDirectory(host) + "/", StringComparison.Ordinal))];

    public Beat LastBeat(string guest) =>
        GuestDisk.Last(Path.Combine(Lab.SharedDirectory, guest + ".raw")) ?? throw new InvalidOperationException($"{guest} never beat.");

    /// <summary>Which life of each guest writes to its disk, where, and by which right.</summary>
    public async Task<Picture> Take(string host)
    {
        var status = await Status(host);
        return new Picture(status, Guests.ToDictionary(guest => guest, guest => LastBeat(guest).Life, StringComparer.Ordinal));
    }

    /// <summary>Each guest still runs in the life it had, where it was, and nobody was fenced or given anything.</summary>
    public async Task AssertNothingMoved(Picture before)
    {
        await WaitUntilWhole();
        await AssertNothingMovedYet(before);
    }

    /// <summary>The same while something is still broken, as a living host sees it.</summary>
    /// <param name="but">A fact that is no sign of a move here: a machine that returns proves the end of its own last life.</param>
    public async Task AssertNothingMovedYet(Picture before, string? but = null)
    {
        var now = await Status(before.Status.Cluster.AnsweredBy);
        foreach (var guest in before.Status.Guests)
        {
            var found = Assert.Single(now.Guests, other => other.Name == guest.Name);
            Assert.Equal((guest.Host, guest.Epoch), (found.Host, found.Epoch));
            Assert.Equal(before.Lives[guest.Name], LastBeat(guest.Name).Life);
        }

        Facts.AssertNone([.. Moves.Where(fact => fact != but)]);
    }

    /// <summary>Until the guests' own clocks have gone on by a span, which is how long a fault lasts for them.</summary>
    public async Task Pass(TimeSpan span, string guest)
    {
        var from = LastBeat(guest);
        var ticks = span.TotalSeconds * GuestDisk.TicksPerSecond;
        await Until(() => LastBeat(guest) is var beat && beat.Life == from.Life && beat.Tick - from.Tick >= ticks,
            $"{guest} beats for {span.TotalSeconds:0} s");
    }

    public Task Until(Func<bool> condition, string what) => Until(() => Task.FromResult(condition()), what);

    public async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay(20, Cancel))
            Assert.True(waited.Elapsed < Limit, $"Not within {Limit.TotalSeconds:0} s: {what}\n{Facts.Text()}");
    }

    private static string NameOf(LabProcess program) => program switch
    {
        LabProcess.Agent => "mainstay-agent",
        LabProcess.Beacon => "mainstay-beacon",
        LabProcess.Libvirtd => "libvirtd",
        LabProcess.Virtlogd => "virtlogd",
        LabProcess.Etcd => "etcd",
    };

    /// <summary>Writes what a person wants to see of a test that failed.</summary>
    public async Task Tell()
    {
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(Facts.Text());
        foreach (var process in processes.Find())
            output?.WriteLine($"{process.Guest} runs on {process.Host} ({process.Pid})");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try
        {
            foreach (var host in (await Lab.Status(limit.Token)).Hosts.Where(host => host is { On: true, Hung: false }))
            {
                var said = await Lab.Exec(host.Name, ["mainstay", "status"], TimeSpan.FromSeconds(12), limit.Token);
                output?.WriteLine($"--- status on {host.Name}\n{(said as CommandOutcome.Exited)?.Output ?? said.Describe()}");
            }
        }
        catch (OperationCanceledException)
        {
            // What the test failed of must not be hidden behind this.
            output?.WriteLine("The hosts did not say more in time.");
        }
    }
}
