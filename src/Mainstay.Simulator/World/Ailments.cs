using Mainstay.Core.Health;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>
/// What can be wrong with a host that lives: slow disks, flapping links, guests whose monitor does not answer, an old certificate.
/// </summary>
internal sealed class Ailments(VirtualWorld world, SimHost host)
{
    private static readonly TimeSpan HealthyDisk = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DiskLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FlapsCount = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FlapLasts = TimeSpan.FromMilliseconds(200);

    private readonly List<TimeSpan> flaps = [];
    private int slowness = 1;

    /// <summary>Its disks take so many times as long as they should.</summary>
    public void SlowDisk(int times) => slowness = times;

    /// <summary>Nobody speaks TLS with this host. Its beacons are sealed with the cluster's key and need no certificate.</summary>
    public bool CertificateExpired { get; private set; }

    public void SetCertificate(bool expired)
    {
        CertificateExpired = expired;
        world.Etcd.Reevaluate();
    }

    /// <summary>A link goes down and comes back a moment later.</summary>
    public void Flap(int network)
    {
        flaps.Add(world.Now);
        world.ChangeNetwork(net => net.SetLink(host.Index, network, false));
        world.After(FlapLasts, () => world.ChangeNetwork(net => net.SetLink(host.Index, network, true)));
    }

    public void Heal()
    {
        slowness = 1;
        flaps.Clear();
        SetCertificate(expired: false);
        foreach (var domain in host.Hypervisor.All)
            domain.Execution?.MonitorAnswers();
    }

    private ValueList<string> Stuck()
    {
        List<string>? stuck = null;
        foreach (var domain in host.Hypervisor.All)
        {
            if (domain.Execution?.MonitorHungSince is { } since && world.Now - since > StuckAfter)
                (stuck ??= []).Add(domain.Guest.Id.Name);
        }

        return stuck?.ToValueList() ?? [];
    }

    /// <summary>What its agent measures.</summary>
    public HostHealth Measure() => new(
        Stuck(),
        world.Storage.Accessible(host.Index) ? HealthyDisk * slowness : DiskLimit,
        flaps.Count == 0 ? 0 : flaps.Count(at => world.Now - at <= FlapsCount));
}
