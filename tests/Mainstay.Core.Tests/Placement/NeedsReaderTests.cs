using Mainstay.Core.Model;
using Mainstay.Core.Placement.Needs;

namespace Mainstay.Core.Tests.Placement;

/// <summary>What a definition asks of its host.</summary>
public sealed class NeedsReaderTests
{
    private const string Full = """
        <domain type='kvm'>
          <name>web</name><uuid>u</uuid>
          <memory unit='GiB'>4</memory><vcpu placement='static'>4</vcpu>
          <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
            <loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader>
            <nvram template='/usr/share/OVMF/OVMF_VARS.fd'>/var/lib/libvirt/qemu/nvram/web.fd</nvram></os>
          <cpu mode='custom' match='exact'><model fallback='forbid'>Haswell-noTSX</model></cpu>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            <disk type='file' device='disk'><source file='/srv/web.qcow2'/></disk>
            <disk type='file' device='cdrom'><source file='/iso/install.iso' startupPolicy='optional'/></disk>
            <disk type='block' device='disk'><source dev='/dev/mapper/lun7'/></disk>
            <disk type='volume' device='disk'><source pool='fast' volume='web'/></disk>
            <disk type='network' device='disk'><source protocol='rbd' name='guests/web'/></disk>
            <interface type='network'><source network='default'/></interface>
            <interface type='bridge'><source bridge='br0'/></interface>
            <interface type='direct'><source dev='eth1' mode='bridge'/></interface>
            <interface type='user'/>
            <video><model type='qxl' ram='65536' vram='65536'/></video>
            <hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x03' slot='0x0a' function='0x1'/></source></hostdev>
            <hostdev mode='subsystem' type='usb'><source><vendor id='0x046d'/><product id='0xc52b'/></source></hostdev>
            <hostdev mode='subsystem' type='mdev'><source><address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>
          </devices>
        </domain>
        """;

    [Fact]
    public void Everything_that_must_be_there_is_named()
    {
        var needs = Assert.IsType<GuestNeeds>(NeedsReader.Of(Full));
        var cpu = Assert.Single(needs.Items, item => item.StartsWith("cpu:Haswell-noTSX#", StringComparison.Ordinal));
        Assert.Equal(
            [
                "bridge:br0", cpu, "device:/dev/mapper/lun7", "file:/srv/web.qcow2", "file:/usr/bin/qemu-system-x86_64",
                "file:/usr/share/OVMF/OVMF_CODE.fd", "file:/usr/share/OVMF/OVMF_VARS.fd", "link:eth1", "machine:x86_64/pc-q35-7.2/kvm",
                "mdev:C2177883-F1BB-47F0-914D-32A22E3A8804", "network:default", "pci:0000:03:0a.1", "pool:fast", "usb:046d:c52b",
            ],
            needs.Items);
        // 96 for the process, 4 times 8, 4096/512 for page tables, 128 of video memory.
        Assert.Equal((4, 96 + 32 + 8 + 128), (needs.Vcpus, (int)needs.OverheadMiB));
        Assert.Equal(4096 + 264, GuestNeeds.HostMemoryMiB(4096, needs));
    }

    [Theory]
    [InlineData("<cpu mode='host-passthrough'/>")]
    [InlineData("<cpu mode='host-model'/>")]
    [InlineData("<cpu><topology sockets='1' cores='2' threads='1'/></cpu>")]
    public void Any_processor_will_do_for_these(string cpu) =>
        Assert.Empty(NeedsReader.Of($"<domain type='kvm'><memory>1024</memory>{cpu}</domain>")!.Items);

    [Theory]
    [InlineData("<hugepages/>", 2048, 1024)]
    [InlineData("<hugepages><page size='1' unit='G'/></hugepages>", 1048576, 1024)]
    [InlineData("<hugepages><page size='2048' unit='KiB' nodeset='0'/><page size='1048576' unit='KiB' nodeset='1'/></hugepages>", 1048576, 1024)]
    public void Memory_in_huge_pages_is_no_ordinary_memory(string backing, long size, long mib)
    {
        var needs = NeedsReader.Of($"<domain type='qemu'><memory unit='MiB'>1000</memory><memoryBacking>{backing}</memoryBacking></domain>");
        Assert.Equal([new PageNeed(size, size == 2048 ? 1000 : mib)], needs!.Pages);
        Assert.Equal(0, GuestNeeds.HostMemoryMiB(1000, needs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<domain")]
    [InlineData("<network/>")]
    [InlineData("<!DOCTYPE x [<!ENTITY e 'x'>]><domain/>")]
    public void What_is_no_definition_says_nothing(string text) => Assert.Null(NeedsReader.Of(text));

    [Fact]
    public void An_emulated_guest_is_not_counted() => Assert.Equal(
        new GuestNeeds(0, 0, [], []), NeedsReader.Of("<domain type='qemu'><memory>1</memory><vcpu>8</vcpu><cpu><model>x</model></cpu></domain>"));

    [Theory]
    [InlineData("window=22:00-05:00", 23, 0)]
    [InlineData("window=22:00-05:00", 4, 0)]
    [InlineData("window=22:00-05:00", 5, 17)]
    [InlineData("window=01:00-02:00", 3, 22)]
    [InlineData("idle", 12, 0)]
    public void A_window_may_go_over_midnight(string text, int hour, int hoursToWait)
    {
        var failback = Assert.IsType<Failback>(Failback.Parse(text));
        Assert.Equal(text, failback.ToString());
        Assert.Equal(TimeSpan.FromHours(hoursToWait), failback.Until(TimeSpan.FromHours(hour)));
    }

    [Theory]
    [InlineData("window=22:00")]
    [InlineData("window=22:00-22:00")]
    [InlineData("window=24:00-05:00")]
    [InlineData("sometimes")]
    public void What_is_no_failback_is_refused(string text) => Assert.Null(Failback.Parse(text));
}
