using System.Buffers.Binary;
using System.Security.Cryptography;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Joining;
using Mainstay.Agent.Journal;
using Mainstay.Agent.Pki;
using Mainstay.Agent.Storages;
using Mainstay.Agent.Watchdogs;
using Mainstay.Beacon.Link;
using Mainstay.Contracts;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Engine.Ports;
using Mainstay.Engine.Shell;
using Mainstay.Fencing;
using Mainstay.Fencing.Storage;
using Mainstay.Hypervisor.Libvirt;
using Mainstay.Store.Etcd;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Member;

/// <summary>Everything a member consists of, put together in one place (C19). Any part that ends, ends the whole.</summary>
internal sealed class ClusterMember : IAsyncDisposable
{
    private static readonly TimeSpan LookAtCertificate = TimeSpan.FromHours(12);

    private readonly EtcdTls storeTls;
    private readonly EtcdStore store;
    private readonly BeaconLink beacon;
    private readonly ClusterTrust trust;
    private readonly ShellPorts ports;
    private readonly FileLayout layout;
    private readonly CrashFile crash;

    public ClusterMember(AgentFile file, FileLayout layout, TimeProvider time, Action progressed, ILoggerFactory logs)
    {
        (File, Time, this.layout) = (file, time, layout);
        Self = new HostId(file.Host);
        trust = MemberParts.Trust(layout);
        storeTls = MemberParts.StoreTls(layout);
        store = MemberParts.Store(file, storeTls, StoreKeeper.Initial(file, layout));
        Fences = new FenceAgents();
        Storages = new StorageFences(() => Myself);
        beacon = new BeaconLink(BeaconPaths.FromEnvironment(), time);
        Hypervisor = file.Witness ? new NoHypervisor() : new LibvirtHypervisor(new LibvirtOptions { Uri = file.LibvirtUri });
        Journal = new FactJournal(layout.Journal, Self, time, logs.CreateLogger<FactJournal>());
        var log = logs.CreateLogger<ClusterMember>();
        ports = new ShellPorts
        {
            Store = store,
            Hypervisor = Hypervisor,
            Beacon = beacon,
            Fences = Fences,
            Marks = new StoreMarkFile(layout, file.ClusterId, log),
            Stamps = new FileStamps(),
            Storages = Storages,
            Links = new LinkWatch(file.Addresses, "/sys/class/net", time),
        };
        var codec = MemberParts.Codec(layout);
        var limits = new EffectLimits { StopGrace = TimeSpan.FromSeconds(file.StopGraceSeconds) };
        Shell = new AgentShell(
            new AgentNode(
                Self,
                HostFacts.Boot,
                BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)),
                StoreMarkFile.Load(layout, file.ClusterId)) { Hardware = HostFacts.Hardware(layout.Root) },
            ports,
            new StoreTranslator(codec, Journal),
            Journal,
            limits,
            new MonotonicClock(time),
            progressed);
        Keeper = new StoreKeeper(
            file, layout, MemberParts.StoreMember(file, layout), new HardwareFile(layout), storeTls, store, () => Shell.Sight.View, log);
        Tests = new FenceTests(Shell, Fences, limits.PowerRead, Self, time, log);
        Peers = new Peers(trust);
        Watchdog = new WatchdogSight(layout, BeaconPaths.FromEnvironment());
        StorageSight = new StorageSight(() => Shell.Sight.View, Self, time);
        Measuring = new WatchdogMeasuring(
            beacon, layout, BeaconPaths.FromEnvironment(), Watchdog, HostFacts.Boot, new ResetWitnesses(this).Ask, time, log);
        crash = new CrashFile(BeaconPaths.FromEnvironment(), Self, () => (Shell.Sight.View, Shell.Sight.Session), log);
        Admission = new Admission(file, layout, new MemberRecords(store, codec), new TokenRecords(store), () => Keeper.Endpoints, time);
    }

    public AgentFile File { get; }

    public HostId Self { get; }

    public TimeProvider Time { get; }

    public AgentShell Shell { get; }

    public FactJournal Journal { get; }

    public IClusterStore Store => store;

    public IHypervisor Hypervisor { get; }

    public IFenceDevice Fences { get; }

    public IStorageFence Storages { get; }

    private StorageTarget? Myself => Shell.Sight.View is var view && view.Sessions.GetValueOrDefault(Self)?.Value is { } session
        ? StorageRules.TargetOf(view, new HostSession(Self, session.Session))
        : null;

    public StoreKeeper Keeper { get; }

    public FenceTests Tests { get; }

    public Peers Peers { get; }

    public WatchdogSight Watchdog { get; }

    public WatchdogMeasuring Measuring { get; }

    public StorageSight StorageSight { get; }

    public Admission Admission { get; }

    public ClusterTrust Trust => trust;

    /// <summary>The other members by name, as the store has them.</summary>
    public IEnumerable<KeyValuePair<HostId, HostConfig>> Others =>
        Shell.Sight.View.Hosts.Where(h => h.Key != Self).Select(h => KeyValuePair.Create(h.Key, h.Value.Value));

    /// <summary>While the store was not read, every host with a certificate of the cluster's authority counts as one.</summary>
    public bool IsMember(string host) => Shell.Sight.View is var view && (!view.Loaded || view.Hosts.ContainsKey(new HostId(host)));

    /// <summary>What is to be known about this host's certificates; empty when nothing is.</summary>
    public IEnumerable<string> CertificateWarnings()
    {
        var now = Time.GetUtcNow();
        if (Renewal.Warning($"the certificate of {Self}", trust.HostEnds, now, $"restart the agent of {Self}: it renews it") is { } host)
            yield return host;
        if (Renewal.Warning("the cluster's authority", trust.AuthorityEnds, now, "found the cluster anew before that") is { } authority)
            yield return authority;
    }

    public async Task Run(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts =
        [
            Shell.Run(stop.Token),
            Journal.Run(stop.Token),
            Keeper.Run(stop.Token),
            Tests.Patrol(stop.Token),
            RenewCertificate(stop.Token),
            crash.Keep(stop.Token),
            Measuring.Run(stop.Token),
            StorageSight.Run(stop.Token),
            Admission.Tidy(() => Shell.Sight.View.Leader?.Value.Holder.Host == Self, stop.Token),
        ];
        await Task.WhenAny(parts).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        foreach (var part in parts)
        {
            try
            {
                await part.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The end that was asked for; every other exception is passed on.
            }
        }

        if (!cancel.IsCancellationRequested)
            throw new InvalidOperationException("A part of the agent ended although nobody asked it to.");
    }

    // What holds a certificate holds it for its life: the agent starts anew with the new one, which no guest notices (S9).
    private async Task RenewCertificate(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(LookAtCertificate, Time, cancel).ConfigureAwait(false);
            if (Renewal.RenewIfDue(layout, File, Time.GetUtcNow()))
                throw new AgentException("the certificate of this host was about to end and was renewed; start the agent again to use it");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        Journal.Dispose();
        Peers.Dispose();
        await Hypervisor.DisposeAsync().ConfigureAwait(false);
        await beacon.DisposeAsync().ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
        storeTls.Dispose();
        trust.Dispose();
    }
}
