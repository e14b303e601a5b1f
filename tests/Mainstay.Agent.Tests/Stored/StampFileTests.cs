using Mainstay.Core.Model;
using Mainstay.Core.Recovery;
using Mainstay.Hypervisor.Libvirt;
using Xunit;

namespace Mainstay.Agent.Tests.Stored;

/// <summary>Stamps beside real files: what is written is read, and what must not be lost or invented is not.</summary>
public sealed class StampFileTests : IDisposable
{
    private static readonly DiskStamp Ours = new("cluster-a", 2, new Epoch(7));
    private readonly string place = Directory.CreateTempSubdirectory("stamps").FullName;
    private readonly FileStamps stamps = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(place, recursive: true);

    [Fact]
    public async Task A_stamp_comes_back_from_beside_every_writable_disk()
    {
        var definition = Definition(File("a.qcow2"), File("b.img"), Cdrom("c.iso"), "<disk type='block'><source dev='/dev/sda'/></disk>");

        Assert.IsType<GuestOutcome.Done>(await stamps.Write(definition, Ours, Cancel));

        Assert.Equal([".a.qcow2.mainstay", ".b.img.mainstay"], Directory.GetFiles(place).Select(f => Path.GetFileName(f)).Order());
        Assert.Equal([Ours, Ours], await Read(definition));
    }

    [Fact]
    public async Task A_disk_without_a_stamp_and_a_guest_without_a_place_add_nothing()
    {
        Assert.Empty(await Read(Definition(File("a.img"))));
        Assert.Empty(await Read(Definition("<disk type='network'><source name='pool/a'/></disk>")));
        Assert.IsType<GuestOutcome.Done>(await stamps.Write(Definition(), Ours, Cancel));
    }

    [Fact]
    public async Task A_damaged_stamp_is_unknown_and_not_none()
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(place, ".a.img.mainstay"), "{\"schema\":1,\"clu", Cancel);

        Assert.IsType<Observed<ValueList<DiskStamp>>.Unknown>(await stamps.Read(Definition(File("a.img")), Cancel));
    }

    [Fact]
    public async Task A_storage_that_is_not_there_is_unknown()
    {
        var gone = Definition($"<disk><source file='{place}/gone/a.img'/></disk>");

        Assert.IsType<GuestOutcome.Unknown>(await stamps.Write(gone, Ours, Cancel));
        Assert.IsType<Observed<ValueList<DiskStamp>>.Unknown>(await stamps.Read(gone, Cancel));
    }

    [Fact]
    public async Task Only_the_own_cluster_takes_its_stamp_away()
    {
        var definition = Definition(File("a.img"));
        await stamps.Write(definition, Ours, Cancel);

        await stamps.Remove(definition, "cluster-b", Cancel);
        Assert.Equal([Ours], await Read(definition));
        await stamps.Remove(definition, Ours.ClusterId, Cancel);
        Assert.Empty(Directory.GetFiles(place));
    }

    private async Task<ValueList<DiskStamp>> Read(string definition) =>
        Assert.IsType<Observed<ValueList<DiskStamp>>.Known>(await stamps.Read(definition, Cancel)).Value;

    private string File(string name) => $"<disk type='file' device='disk'><source file='{place}/{name}'/></disk>";

    private string Cdrom(string name) => $"<disk type='file' device='cdrom'><source file='{place}/{name}'/><readonly/></disk>";

    private static string Definition(params string[] disks) =>
        $"<domain type='qemu'><name>web</name><devices>{string.Concat(disks)}</devices></domain>";
}
