using Mainstay.Lab.Control;
using Mainstay.Lab.Power;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Hosts;

/// <summary>All hosts, their BMCs and their cables: what the supervisor has in its hands.</summary>
internal sealed class LabRack : IPowerSwitch, IAsyncDisposable
{
    private readonly LabLayout layout;
    private readonly LabNetwork network;
    private readonly MadeThings made;
    private readonly SortedDictionary<string, HostSlot> slots = new(StringComparer.Ordinal);
    private readonly SerialQueue cables = new();
    private readonly HashSet<string> mute = new(StringComparer.Ordinal);
    private readonly List<LinkCut> cuts = [];

    public LabRack(LabLayout layout, MadeThings made)
    {
        this.layout = layout;
        this.made = made;
        network = new LabNetwork(layout, made);
        foreach (var plan in layout.Hosts)
            slots.Add(plan.Name, new HostSlot(plan, network, made));
    }

    public async Task Create(CancellationToken cancel)
    {
        Directory.CreateDirectory(layout.SharedDirectory);
        Directory.CreateDirectory(Path.Combine(layout.Options.CacheDirectory, "libvirt"));
        foreach (var place in MountPlaces.Where(place => !Directory.Exists(place)))
        {
            made.Directory(place);
            Directory.CreateDirectory(place);
        }

        ProgramLinks.Write(layout);
        foreach (var plan in layout.Hosts)
            HostFiles.Write(plan);
        await network.Create(cancel).ConfigureAwait(false);
    }

    public async Task Start(CancellationToken cancel)
    {
        await Task.WhenAll(slots.Values.SelectMany(slot => new[] { slot.StartBmc(cancel), slot.PowerOn(cancel) })).ConfigureAwait(false);
    }

    /// <summary>Directories that the hosts' own ones are mounted over; the machine may not have them.</summary>
    private static string[] MountPlaces => ["/etc/mainstay", "/var/lib/mainstay", "/usr/local/sbin", "/srv"];

    public bool Knows(string host) => slots.ContainsKey(host);

    public BmcSetting SettingOf(string host) => Slot(host).Setting;

    public bool IsOn(string host) => Slot(host).Machine.IsOn;

    public async Task Switch(string host, bool on, CancellationToken cancel)
    {
        var slot = Slot(host);
        if (on)
        {
            await slot.PowerOn(cancel).ConfigureAwait(false);
            return;
        }

        await slot.PowerOff(cancel).ConfigureAwait(false);
        await Mute(host, false, cancel).ConfigureAwait(false);
    }

    public async Task Kill(string host, bool withBmc, CancellationToken cancel)
    {
        var bmc = withBmc ? SetBmc(host, new BmcSetting(BmcMode.Dead, TimeSpan.Zero), cancel) : Task.CompletedTask;
        await Switch(host, on: false, cancel).ConfigureAwait(false);
        await bmc.ConfigureAwait(false);
    }

    public Task SetBmc(string host, BmcSetting setting, CancellationToken cancel) => Slot(host).SetBmc(setting, cancel);

    /// <summary>A machine that hangs is mute as well: its kernel answers nothing, whereas a stopped process's kernel would.</summary>
    public async Task Hang(string host, CancellationToken cancel)
    {
        await Mute(host, true, cancel).ConfigureAwait(false);
        await Slot(host).Hang().ConfigureAwait(false);
    }

    public async Task Resume(string host, CancellationToken cancel)
    {
        await Slot(host).Unhang().ConfigureAwait(false);
        await Mute(host, false, cancel).ConfigureAwait(false);
    }

    /// <summary>Sends a signal to every process of a program on a host and says which they were.</summary>
    public IReadOnlyList<int> Signal(string host, LabProcess program, int signal)
    {
        var pids = Slot(host).Machine.Find(program);
        if (pids.Count == 0)
            throw new LabException($"No {program} runs on {host}.");
        foreach (var pid in pids)
            Posix.Signal(pid, signal);
        return pids;
    }

    public Task Cut(IReadOnlyList<LinkCut> more, CancellationToken cancel)
    {
        foreach (var cut in more)
        {
            layout.Host(cut.Host);
            if (cut.Peer is not (null or LinkCut.Runner))
                layout.Host(cut.Peer);
        }

        return cables.Do(() =>
        {
            cuts.AddRange(more);
            return network.Apply(cuts, mute, cancel);
        });
    }

    public Task Heal(string? host, CancellationToken cancel) => cables.Do(() =>
    {
        cuts.RemoveAll(cut => host is null || cut.Host == host || cut.Peer == host);
        return network.Apply(cuts, mute, cancel);
    });

    public async Task<LabStatus> Status()
    {
        var cutNow = await cables.Do(() => Task.FromResult(cuts.ToArray())).ConfigureAwait(false);
        return new LabStatus
        {
            Name = layout.Options.Name,
            StateDirectory = layout.Options.StateDirectory,
            RunnerAddress = layout.RunnerAddress,
            SupervisorPid = Environment.ProcessId,
            Hosts = [.. slots.Values.Select(slot => slot.Status())],
            Cuts = cutNow,
        };
    }

    public Task PowerOffAll(CancellationToken cancel) => Task.WhenAll(slots.Values.Select(slot => slot.Remove(cancel)));

    public async ValueTask DisposeAsync()
    {
        foreach (var slot in slots.Values)
            await slot.DisposeAsync().ConfigureAwait(false);
        await cables.DisposeAsync().ConfigureAwait(false);
    }

    private Task Mute(string host, bool on, CancellationToken cancel) => cables.Do(() =>
        (on ? mute.Add(host) : mute.Remove(host)) ? network.Apply(cuts, mute, cancel) : Task.CompletedTask);

    private HostSlot Slot(string host)
    {
        layout.Host(host);
        return slots[host];
    }
}
