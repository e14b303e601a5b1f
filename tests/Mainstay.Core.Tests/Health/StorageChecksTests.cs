using Mainstay.Core.Fencing;
using Mainstay.Core.Health;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Tests.Health;

/// <summary>
/// V8 and V11: where guests' disks lie, who has them besides the owner, what a storage's word is worth, and what locks them.
/// </summary>
public sealed class StorageChecksTests
{
    private const string Shared = "/srv/shared";

    private static readonly PlaceSight Stamped = new PlaceSight.Stamped();
    private static readonly PlaceSight Missing = new PlaceSight.Missing("it is not there");
    private static readonly PlaceSight Unknown = new PlaceSight.Unknown("no answer");
    private static readonly DiskReading Web = new(new GroupId("web"), $"{Shared}/web.img", DiskKind.File, Shared, null);

    [Fact]
    public void A_disk_that_another_host_has_too_is_no_finding()
    {
        Assert.Empty(Judge(View(), Stamped, Stamped, Missing));
        Assert.Empty(Judge(View(), Stamped, Stamped, Unknown));
    }

    [Fact]
    public void A_disk_that_the_owner_alone_has_is_refused_and_its_guest_is_not_protected()
    {
        var finding = Assert.Single(Judge(View(), Stamped, Missing, Missing));
        Assert.Equal(
            ("V8", FindingSeverity.Refuse, new HostId("n1"), Shared),
            (finding.Rule, finding.Severity, finding.Subject, finding.Value));
        var (owner, disk, reach) = Assert.Single(new StorageReach(View(), Readings(Stamped, Missing, Missing)).Doubtful());
        Assert.IsType<DiskReach.OneHost>(reach);
        Assert.Equal("its disk /srv/shared/web.img is on storage of n1 only", StorageReach.Fault(owner, disk));
    }

    [Fact]
    public void A_host_that_cannot_tell_leaves_it_unknown_and_unknown_is_never_good()
    {
        var finding = Assert.Single(Judge(View(), Stamped, Missing, Unknown));
        Assert.Equal((FindingSeverity.Warn, $"{Shared}: not known"), (finding.Severity, finding.Value));
        Assert.Contains("n3: no answer", finding.What, StringComparison.Ordinal);

        // What is missing elsewhere says nothing when the owner does not see it either, as after a restore of the store.
        Assert.Equal(FindingSeverity.Warn, Assert.Single(Judge(View(), Missing, Missing, Missing)).Severity);
        var unheard = Inputs(View(), Readings(Stamped, Missing, Missing).Take(2).ToValueList());
        Assert.Equal(FindingSeverity.Warn, Assert.Single(StorageChecks.V8(unheard)).Severity);
    }

    [Fact]
    public void An_agent_of_an_earlier_version_says_nothing_and_that_is_told()
    {
        var readings = Readings(Stamped, Stamped, Missing).Select(r => r.Host.Name == "n3" ? r with { Storage = null } : r).ToValueList();
        var finding = Assert.Single(StorageChecks.V8(Inputs(View(), readings)));
        Assert.Equal((FindingSeverity.Warn, new HostId("n3"), "not known"), (finding.Severity, finding.Subject, finding.Value));
    }

    [Theory]
    [InlineData("nas:/guests", "nas:/guests", true)]
    [InlineData("nas:/guests", "other:/guests", false)]
    [InlineData("localhost:/guests", "localhost:/guests", false)]
    [InlineData("127.0.0.1:/guests", "127.0.0.1:/guests", false)]
    public void The_same_source_of_a_server_is_the_same_storage_whatever_its_cache_shows(string own, string other, bool same)
    {
        var readings = Readings(Stamped, Missing, Missing).Select(r => Mounted(r, "nfs4", r.Host.Name == "n1" ? own : other)).ToValueList();
        Assert.Equal(same, !StorageChecks.V8(Inputs(View(), readings)).Any());
    }

    [Fact]
    public void Devices_are_compared_by_the_name_that_is_the_same_everywhere()
    {
        PlaceSight Lun(string name) => new PlaceSight.Device(name);
        Assert.Empty(Judge(View(), Lun("naa.1"), Lun("naa.1"), Missing));
        Assert.Equal(FindingSeverity.Refuse, Assert.Single(Judge(View(), Lun("naa.1"), Lun("naa.2"), Missing)).Severity);
        Assert.Equal(FindingSeverity.Warn, Assert.Single(Judge(View(), Unknown, Lun("naa.1"), Missing)).Severity);
    }

    [Fact]
    public void Only_guests_that_are_seen_running_are_judged_and_a_network_disk_is_reached_by_all()
    {
        Assert.Empty(Judge(View(hasRun: false), Stamped, Missing, Missing));
        var network = Web with { Disk = "rbd:guests/web", Kind = DiskKind.Network, Place = null };
        Assert.Empty(StorageChecks.V8(Inputs(View(), Readings(Stamped, Missing, Missing, network))));
        var pool = Web with { Disk = "volume:pool/web", Kind = DiskKind.Other, Place = null };
        var unknown = Assert.Single(StorageChecks.V8(Inputs(View(), Readings(Stamped, Missing, Missing, pool))));
        Assert.Equal(FindingSeverity.Warn, unknown.Severity);
    }

    [Theory]
    [InlineData("nfs4", "nfs", "NFS 3 has no barrier")]
    [InlineData("nfs4", "xfs", "this is xfs")]
    [InlineData("ceph", "nfs4", "this is nfs4")]
    [InlineData("tgt", "nfs4", "this is nfs4")]
    [InlineData("scsi-pr", "nfs", "NFS 3 has no barrier")]
    [InlineData("nfs4", "nfs4", null)]
    [InlineData("ceph", "ceph", null)]
    [InlineData("scsi-pr", "gfs2", null)]
    [InlineData("tgt", "ext4", null)]
    public void A_storage_whose_word_proves_nothing_is_refused_when_set_and_found_afterwards(string agent, string mounted, string? why)
    {
        var readings = Readings(Stamped, Stamped, Stamped).Select(r => Mounted(r, mounted, "nas:/guests")).ToValueList();
        var config = new StorageConfig(agent, [], [Shared]);
        var against = StorageClasses.AgainstStorage(config, readings);
        var found = StorageChecks.V8(Inputs(View().With(new StoreEntry(new StoreKey.Storage("nas"), config, 90)), readings)).ToArray();
        if (why is null)
        {
            Assert.Null(against);
            Assert.Empty(found);
            return;
        }

        Assert.Contains(why, against, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Refuse, Assert.Single(found).Severity);
        Assert.Null(StorageClasses.AgainstStorage(config with { Covers = ["/elsewhere"] }, readings));
    }

    [Fact]
    public void What_is_mounted_is_known_before_any_guest_has_a_disk_there()
    {
        ValueList<HostReading> readings = [new HostReading(new HostId("n1"), null, null)
        {
            Storage = new HostStorage([], [], [new MountReading("/srv/nas", "nfs", "nas:/guests", null)]),
        }];
        Assert.NotNull(StorageClasses.AgainstStorage(new StorageConfig("nfs4", [], ["/srv/nas/vm"]), readings));
        Assert.NotNull(StorageClasses.AgainstStorage(new StorageConfig("nfs4", [], ["/srv"]), readings));
        Assert.Null(StorageClasses.AgainstStorage(new StorageConfig("nfs4", [], ["/srv/nasty"]), readings));
        Assert.NotNull(StorageClasses.AgainstAlways(["/srv/nas/vm/web.img"], readings));
        Assert.Null(StorageClasses.AgainstAlways(["/srv/nasty/web.img", "rbd:guests/web"], readings));
    }

    [Fact]
    public void The_policy_always_needs_a_storage_that_cuts_off_and_never_NFS_3()
    {
        var view = View(proof: StorageProofPolicy.Always);
        Assert.Equal(FindingSeverity.Warn, Assert.Single(Judge(view, Stamped, Stamped, Stamped)).Severity);
        var stateless = Readings(Stamped, Stamped, Stamped).Select(r => Mounted(r, "nfs", "nas:/guests")).ToValueList();
        var finding = Assert.Single(StorageChecks.V8(Inputs(view, stateless)));
        Assert.Equal((FindingSeverity.Refuse, "mainstay policy web --storage-proof frozen"), (finding.Severity, finding.Mend));
        Assert.Empty(StorageChecks.V8(Inputs(View(), stateless)));
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(90, "90 s")]
    [InlineData(null, "not known")]
    public void V11_asks_for_a_short_lease_of_the_file_server_and_says_when_nobody_knows_it(int? seconds, string? value)
    {
        var readings = Readings(Stamped, Stamped, Stamped).Select(r => Mounted(r, "nfs4", "nas:/guests", seconds)).ToValueList();
        var found = LockChecks.V11(Inputs(View(), readings)).ToArray();
        Assert.Equal(value, found.SingleOrDefault()?.Value);
        if (value is null)
            return;
        Assert.Contains("nfsv4leasetime", found[0].Mend, StringComparison.Ordinal);

        // What was cut off in earnest once has shown that its locks can be expired.
        var proved = View().With(new StoreEntry(new StoreKey.Storage("nas"), new StorageConfig("nfs4", [], [Shared]), 90));
        Assert.Single(LockChecks.V11(Inputs(proved, readings)));
        var record = new FenceRecord("silent", [new Proof.Storage("closed", "nas", [Web.Disk])]);
        var fence = new StoreKey.Fence(new HostSession(new HostId("n3"), new SessionId(1)));
        Assert.Empty(LockChecks.V11(Inputs(proved.With(new StoreEntry(fence, record, 91)), readings)));
    }

    [Fact]
    public void V11_names_disks_that_nothing_locks()
    {
        var open = Web with { Unlocked = "the definition says <shareable/>" };
        var finding = Assert.Single(LockChecks.V11(Inputs(View(), Readings(Stamped, Stamped, Stamped, open))));
        Assert.Equal((FindingSeverity.Warn, Web.Disk), (finding.Severity, finding.Value));
        Assert.Contains("<shareable/>", finding.What, StringComparison.Ordinal);

        var lun = Web with { Disk = "/dev/mapper/lun7", Place = "/dev/mapper/lun7", Kind = DiskKind.Block };
        var devices = Readings(Stamped, Stamped, Stamped, lun);
        Assert.Single(LockChecks.V11(Inputs(View(), devices)));
        var reserved = new StoreEntry(new StoreKey.Storage("lun7"), new StorageConfig("scsi-pr", [], ["/dev/mapper/lun7"]), 90);
        Assert.Empty(LockChecks.V11(Inputs(View().With(reserved), devices)));
        var locked = devices.Select(r => r with { Storage = r.Storage is { } s ? s with { LockManager = "lockd" } : null }).ToValueList();
        Assert.Empty(LockChecks.V11(Inputs(View(), locked)));
    }

    private static Finding[] Judge(ClusterView view, PlaceSight n1, PlaceSight n2, PlaceSight n3) =>
        [.. StorageChecks.V8(Inputs(view, Readings(n1, n2, n3)))];

    private static CheckInputs Inputs(ClusterView view, ValueList<HostReading> readings) => new(view, TimingProfile.Balanced, 3, readings);

    private static ValueList<HostReading> Readings(PlaceSight n1, PlaceSight n2, PlaceSight n3, DiskReading? disk = null)
    {
        var place = (disk ?? Web).Place ?? Shared;
        return ((PlaceSight[])[n1, n2, n3]).Select((sight, i) => new HostReading(new HostId($"n{i + 1}"), null, null)
        {
            Storage = new HostStorage([new PlaceReading(place, null, null, sight)], i == 0 ? [disk ?? Web] : [], []),
        }).ToValueList();
    }

    private static HostReading Mounted(HostReading reading, string fileSystem, string source, int? lease = null) => reading with
    {
        Storage = reading.Storage is { } seen ? seen with
        {
            Places = seen.Places.Select(p => p with { FileSystem = fileSystem, Source = source }).ToValueList(),
            Mounts = StorageClasses.IsOfNetwork(fileSystem) ? [new MountReading(Shared, fileSystem, source, lease)] : [],
        } : null,
    };

    private static ClusterView View(bool hasRun = true, StorageProofPolicy proof = StorageProofPolicy.Frozen)
    {
        var view = ClusterView.Empty.With(
            new StoreEntry(new StoreKey.Cluster(), new ClusterSettings("test", "id", 1, TimingProfile.Balanced, true, ""), 1));
        for (var i = 1; i <= 3; i++)
        {
            var config = new HostConfig(i, [$"10.0.0.{i}"], 7780, [], false);
            view = view.With(new StoreEntry(new StoreKey.Host(new HostId($"n{i}")), config, 1 + i));
        }

        var spec = new GroupSpec(
            "uuid", "<domain/>", 1024, DesiredState.Running, "protect", false, GuestShutdownPolicy.StayDown, false, null)
        {
            Disks = [Web.Disk], StorageProof = proof,
        };
        var owner = new HostSession(new HostId("n1"), new SessionId(1));
        var own = new OwnershipRecord(new Epoch(1), new OwnershipPhase.Claimed(owner), "protect", []) { HasRun = hasRun };
        return view.With(new StoreEntry(new StoreKey.Group(Web.Guest), spec, 8))
            .With(new StoreEntry(new StoreKey.Ownership(Web.Guest), own, 9));
    }
}
