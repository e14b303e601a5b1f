using Mainstay.Core.Health;
using Mainstay.Hypervisor.Libvirt;

namespace Mainstay.Agent.Tests.Storages;

/// <summary>What a definition says of the disks that a guest writes to: what they are, and whether QEMU locks them.</summary>
public sealed class GuestDisksTests
{
    [Theory]
    [InlineData("type='file'", "<source file='/srv/a.img'/>", "/srv/a.img", DiskKind.File)]
    [InlineData("type='file'", "<source file='/srv/b/../a.img'/>", "/srv/a.img", DiskKind.File)]
    [InlineData("type='file'", "<source file='/dev/mapper/lun7'/>", "/dev/mapper/lun7", DiskKind.Block)]
    [InlineData("type='block' device='lun'", "<source dev='/dev/disk/by-id/x'/>", "/dev/disk/by-id/x", DiskKind.Block)]
    [InlineData("type='network'", "<source protocol='rbd' name='guests/a'/>", "rbd:guests/a", DiskKind.Network)]
    [InlineData(
        "type='network'", "<source protocol='nbd' name='a'><host transport='unix' socket='/run/nbd'/></source>", "nbd:a", DiskKind.Other)]
    [InlineData("type='volume'", "<source pool='p' volume='a'/>", "volume:p/a", DiskKind.Other)]
    public void A_disk_is_told_by_its_source(string disk, string source, string name, DiskKind kind) =>
        Assert.Equal([new GuestDisk(name, kind, null)], Of($"<disk {disk}>{source}</disk>"));

    [Theory]
    [InlineData("<disk type='file' device='cdrom'><source file='/srv/a.iso'/></disk>")]
    [InlineData("<disk type='file'><source file='/srv/a.img'/><readonly/></disk>")]
    [InlineData("")]
    public void What_is_only_read_is_no_disk(string devices) => Assert.Empty(Of(devices));

    [Fact]
    public void Locking_that_is_switched_off_is_seen_in_the_definition_and_in_what_is_given_to_QEMU()
    {
        const string disk = "<disk type='file'><source file='/srv/a.img'/></disk>";
        Assert.Null(Of(disk)[0].Unlocked);
        Assert.Contains("<shareable/>", Of(disk.Replace("</disk>", "<shareable/></disk>", StringComparison.Ordinal))[0].Unlocked,
            StringComparison.Ordinal);
        const string byHand = "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
            + "<qemu:arg value='-set'/><qemu:arg value='drive.x.file.locking=off'/></qemu:commandline>";
        Assert.Contains("locking off", Of(disk, byHand)[0].Unlocked, StringComparison.Ordinal);
        const string harmless = "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-s'/>"
            + "</qemu:commandline>";
        Assert.Null(Of(disk, harmless)[0].Unlocked);
    }

    [Fact]
    public void What_is_no_definition_has_no_disks() => Assert.Empty(GuestDisks.Of("not a definition"));

    private static IReadOnlyList<GuestDisk> Of(string devices, string more = "") =>
        GuestDisks.Of($"<domain><devices>{devices}</devices>{more}</domain>");
}
