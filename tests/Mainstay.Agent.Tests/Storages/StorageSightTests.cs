using Mainstay.Agent.Api;
using Mainstay.Agent.Storages;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Agent.Tests.Storages;

/// <summary>What a host's files say of the storage that guests' disks lie on, read from files of a test.</summary>
public sealed class StorageSightTests : IDisposable
{
    private const string Disk = "/srv/shared/web.img";

    private static readonly GroupId Web = new("web");

    private readonly string root = Directory.CreateTempSubdirectory("mainstay-storage-").FullName;

    private ClusterView view = View(epoch: 3);

    public StorageSightTests() => Put("proc/self/mountinfo",
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        + "40 22 0:41 / /srv/shared rw,relatime shared:9 master:2 - nfs4 nas:/guests rw,vers=4.2,local_lock=none\n"
        + "41 22 0:42 / /srv/old\\040one rw - nfs nas:/old rw,vers=3,nolock\n");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void The_stamp_of_the_epoch_in_which_a_guest_runs_tells_its_storage_from_any_other()
    {
        Assert.IsType<PlaceSight.Missing>(Look().Places[0].Sight);
        Directory.CreateDirectory(Path.Combine(root, "srv/shared"));
        Assert.IsType<PlaceSight.Missing>(Look().Places[0].Sight);
        Stamp(2);
        Assert.Contains("older copy", Assert.IsType<PlaceSight.Missing>(Look().Places[0].Sight).Why, StringComparison.Ordinal);
        Stamp(3, "another");
        Assert.IsType<PlaceSight.Missing>(Look().Places[0].Sight);
        Stamp(3);
        Assert.IsType<PlaceSight.Stamped>(Look().Places[0].Sight);

        // Somebody else has started it since this host last heard of the store.
        Stamp(4);
        Assert.IsType<PlaceSight.Stamped>(Look().Places[0].Sight);
    }

    [Fact]
    public void A_directory_without_a_guest_that_runs_shows_nothing()
    {
        Stamp(3);
        view = View(epoch: 3, hasRun: false);
        Assert.IsType<PlaceSight.Unknown>(Look().Places[0].Sight);
    }

    [Fact]
    public void What_is_mounted_and_the_servers_lease_come_from_the_kernel()
    {
        Put("proc/self/mountstats",
            "device nas:/guests mounted on /srv/shared with fstype nfs4 statvers=1.1\n"
            + "\topts:\trw,vers=4.2\n\tnfsv4:\tbm0=0xfd,bm1=0x40,acl=0x3,sessions,pnfs=not configured,lease_time=90,lease_expired=0\n");
        var seen = Look();
        Assert.Equal(("nfs4", "nas:/guests"), (seen.Places[0].FileSystem, seen.Places[0].Source));
        Assert.Equal(
            [new MountReading("/srv/old one", "nfs", "nas:/old", null), new MountReading("/srv/shared", "nfs4", "nas:/guests", 90)],
            seen.Mounts);
        Assert.Null(seen.LockManager);
        Put("etc/libvirt/qemu.conf", "# lock_manager = \"sanlock\"\nlock_manager = \"lockd\"\n");
        Assert.Equal("lockd", Look().LockManager);
    }

    [Fact]
    public void The_owner_tells_its_guests_disks_and_why_one_is_not_locked()
    {
        Assert.Null(Assert.Single(Look().Disks).Unlocked);
        Assert.Equal(Disk, Look().Disks[0].Disk);
        view = View(epoch: 3, disk: $"<disk type='file'><source file='{Disk}'/><shareable/></disk>");
        Assert.Contains("<shareable/>", Look().Disks[0].Unlocked, StringComparison.Ordinal);
        view = View(epoch: 3, disk: "<disk type='file'><source file='/srv/old one/web.img'/></disk>");
        Assert.Contains("nolock", Look().Disks[0].Unlocked, StringComparison.Ordinal);
        view = View(epoch: 3, owner: "n2");
        Assert.Empty(Look().Disks);
    }

    [Fact]
    public void A_device_is_known_by_the_name_that_it_has_on_every_host()
    {
        view = View(epoch: 3, disk: "<disk type='block'><source dev='/dev/mapper/lun7'/></disk>");
        Assert.IsType<PlaceSight.Missing>(Look().Places[0].Sight);
        Put("dev/dm-4", "");
        Directory.CreateDirectory(Path.Combine(root, "dev/mapper"));
        File.CreateSymbolicLink(Path.Combine(root, "dev/mapper/lun7"), "../dm-4");
        Assert.IsType<PlaceSight.Unknown>(Look().Places[0].Sight);
        Put("sys/class/block/dm-4/dm/uuid", "mpath-360000\n");
        Assert.Equal(new PlaceSight.Device("mpath-360000"), Look().Places[0].Sight);
        Assert.Equal(DiskKind.Block, Look().Disks[0].Kind);
    }

    [Fact]
    public void It_arrives_at_another_agent_as_it_was_seen()
    {
        Stamp(3);
        var seen = Look();
        Assert.Equal(seen, StorageWords.Read(StorageWords.Told(seen)));
        var place = StorageWords.Told(seen).Places[0] with { Sight = "a word of a later version" };
        var told = StorageWords.Told(seen) with { Places = [place] };
        Assert.IsType<PlaceSight.Unknown>(StorageWords.Read(told).Places[0].Sight);
    }

    private HostStorage Look()
    {
        var sight = new StorageSight(() => view, new HostId("n1"), TimeProvider.System, root);
        sight.Look(view);
        return sight.Read();
    }

    private void Stamp(long epoch, string cluster = "id")
    {
        Directory.CreateDirectory(Path.Combine(root, "srv/shared"));
        File.WriteAllBytes(
            root + DiskStampText.PathBeside(Disk), DiskStampText.Write(new DiskStamp(cluster, 1, new Epoch(epoch))));
    }

    private void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path)) ?? root);
        File.WriteAllText(Path.Combine(root, path), text);
    }

    private static ClusterView View(long epoch, bool hasRun = true, string? disk = null, string owner = "n1")
    {
        var definition = $"<domain><devices>{disk ?? $"<disk type='file'><source file='{Disk}'/></disk>"}</devices></domain>";
        var spec = new GroupSpec(
            "uuid", definition, 1024, DesiredState.Running, "protect", false, GuestShutdownPolicy.StayDown, false, null);
        var phase = new OwnershipPhase.Claimed(new HostSession(new HostId(owner), new SessionId(1)));
        return ClusterView.Empty
            .With(new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("test", "id", 1, TimingProfile.Balanced, true, ""), 1))
            .With(new StoreEntry(new StoreKey.Group(Web), spec, epoch))
            .With(new StoreEntry(
                new StoreKey.Ownership(Web), new OwnershipRecord(new Epoch(epoch), phase, "protect", []) { HasRun = hasRun }, epoch));
    }
}
