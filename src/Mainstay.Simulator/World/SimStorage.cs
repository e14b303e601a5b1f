using Mainstay.Core.Fencing;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Simulator.World;

/// <summary>How the place behaves where hosts are cut off from a storage.</summary>
internal enum StorageMode
{
    Ok,

    /// <summary>Does not answer and does nothing.</summary>
    Dead,

    /// <summary>Acts and answers after a delay.</summary>
    Slow,

    /// <summary>Acts; its answer is lost.</summary>
    Mute,

    /// <summary>Accepts the command and does nothing; what it shows is true.</summary>
    Ignoring,

    /// <summary>Cuts one path of two, and shows so.</summary>
    Half,

    /// <summary>Takes nothing new from the host; what it took before is still written for a while.</summary>
    Weak,

    /// <summary>Says that the host is cut off and does nothing.</summary>
    Lying,
}

/// <param name="Expiry">After this time it forgets whom it cut off; null: never.</param>
/// <param name="Starts">So many starts at once go as fast as one; with more each takes longer, with the square of their number.</param>
internal sealed record StorageStart(string Name, TimeSpan? Expiry, int? Starts = null);

/// <summary>A shared storage from which hosts can be cut off, over the storage network.</summary>
internal sealed class SimStorage(VirtualWorld world, StorageStart start)
{
    private readonly TimeSpan?[] revokedAt = new TimeSpan?[world.Start.Machines];
    private readonly TimeSpan[] landsUntil = new TimeSpan[world.Start.Machines];
    private TimeSpan delay;

    public string Name => start.Name;

    /// <summary>The beginning of the paths of its disks.</summary>
    public string Path => $"/{start.Name}";

    public StorageMode Mode { get; private set; }

    public StorageConfig Config => new("virtual", [], [Path]);

    public void Set(StorageMode mode, TimeSpan by) => (Mode, delay) = (mode, by);

    /// <summary>How many times as long a start takes now, with all that are under way on it.</summary>
    public double Burden
    {
        get
        {
            if (start.Starts is not { } starts)
                return 1;
            var begin = Path + "/";
            var underWay = world.Hosts.Sum(host => host.Hypervisor.All.Count(
                domain => domain.Starting && domain.Guest.Disks.Any(disk => disk.StartsWith(begin, StringComparison.Ordinal))));
            return underWay <= starts ? 1 : Math.Pow((double)underWay / starts, 2);
        }
    }

    /// <summary>What this host sends is not written any more.</summary>
    public bool IsCutOff(SimHost host) =>
        revokedAt[host.Index] is { } at && (start.Expiry is not { } expiry || world.Now < at + expiry);

    /// <summary>Something of this host may still be written.</summary>
    public bool MayWrite(SimHost host) => !IsCutOff(host) || world.Now < landsUntil[host.Index];

    public void Revoke(SimHost by, SimHost target, Action<RevokeOutcome> reply)
    {
        var answer = new Answer<RevokeOutcome>(reply);
        world.After(Latency.StorageLimit, () => answer.Give(new RevokeOutcome.Unknown("no answer within 10 s")));
        if (!Reachable(by))
            return;
        world.After(Takes, () =>
        {
            // A command that has run out of time was ended: it does nothing afterwards.
            if (answer.Given || !Reachable(by))
                return;
            Act(target);
            world.After(Latency.StorageAct(world.Chance), () =>
            {
                if (Reachable(by) && Mode != StorageMode.Mute)
                    answer.Give(Seen(target, by));
            });
        });
    }

    public void Restore(SimHost host, Action<RestoreOutcome> reply)
    {
        var answer = new Answer<RestoreOutcome>(reply);
        world.After(Latency.StorageLimit, () => answer.Give(new RestoreOutcome.Failed("no answer within 10 s")));
        if (!Reachable(host))
            return;
        world.After(Takes, () =>
        {
            if (answer.Given || !Reachable(host))
                return;
            var wasCutOff = IsCutOff(host);
            revokedAt[host.Index] = null;
            if (wasCutOff)
                world.Checks.Proofs.StorageRestored(this, host);
            answer.Give(new RestoreOutcome.Done());
        });
    }

    private TimeSpan Takes => Latency.StorageAct(world.Chance) + (Mode == StorageMode.Slow ? delay : TimeSpan.Zero);

    private bool Reachable(SimHost by) =>
        Mode != StorageMode.Dead && by.KernelUp && !world.Storage.Outage && world.Network.LinkUp(by.Index, SimNetwork.Stor);

    private void Act(SimHost target)
    {
        if (Mode is StorageMode.Ignoring or StorageMode.Half or StorageMode.Lying)
            return;
        if (Mode != StorageMode.Weak)
            landsUntil[target.Index] = world.Now;
        else if (!IsCutOff(target))
            landsUntil[target.Index] = world.Now + LeaseTerms.WritesLand;
        revokedAt[target.Index] = world.Now;
    }

    private RevokeOutcome Seen(SimHost target, SimHost by) => Mode switch
    {
        StorageMode.Weak => new RevokeOutcome.Weak("what it sent before may still be written"),
        StorageMode.Half => new RevokeOutcome.Unknown("its second path still has access"),
        StorageMode.Lying => new RevokeOutcome.Strong($"{Name} shows no access of {target.Id}, read by {by.Id}"),
        _ => IsCutOff(target)
            ? new RevokeOutcome.Strong($"{Name} shows no access of {target.Id}, read by {by.Id}")
            : new RevokeOutcome.Unknown("it still has access"),
    };
}
