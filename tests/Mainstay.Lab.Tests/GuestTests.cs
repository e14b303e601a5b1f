using System.Diagnostics;
using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests;

/// <summary>The guests speak, the watch hears them at once, and two instances on one disk are caught, live and from the disk.</summary>
[Collection("lab")]
public sealed class GuestTests
{
    [Fact]
    public async Task A_guest_speaks_dies_with_its_host_and_speaks_on_another()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.Up(BareLab.Options(), cancel);
        await using var watch = new GuestWatch(lab);
        LabGuest[] guests = [new("web"), new("db")];
        await GuestSetup.Spread(lab, guests, allOn: "t1", cancel);
        var first = await watch.WaitUntilAllSpoke(["web", "db"], BareLab.Limit, cancel);
        Assert.All(first.Values, word => Assert.Equal("t1", word.Host));

        await lab.Kill("t1", withBmc: false, cancel);
        var start = Stopwatch.GetTimestamp();
        await GuestSetup.Start(lab, "t2", guests, cancel);
        var second = await watch.WaitUntilAllSpoke(["web", "db"], BareLab.Limit, cancel);
        Assert.All(second.Values, word => Assert.Equal("t2", word.Host));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"spoke after {string.Join(", ", second.Values.Select(word => $"{word.Since(start).TotalSeconds:0.00} s"))}");

        foreach (var (name, report) in GuestSetup.CheckDisks(lab))
        {
            Assert.Empty(report.DoubleRuns);
            Assert.Equal(2, report.Lives);
            Assert.True(report.Beats >= 2, $"{name}: {report}");
        }
    }

    [Fact]
    public async Task Two_instances_of_one_guest_are_detected()
    {
        BareLab.RequireMachine();
        var cancel = TestContext.Current.CancellationToken;
        await using var lab = await LabCluster.Up(BareLab.Options(), cancel);
        await using var watch = new GuestWatch(lab);
        await using var doubles = new DoubleRunWatch(lab);
        LabGuest[] guests = [new("twin", Shareable: true)];
        await GuestSetup.Prepare(lab, guests, cancel);
        await GuestSetup.Start(lab, "t1", guests, cancel);
        await GuestSetup.Start(lab, "t2", guests, cancel);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(BareLab.Limit);
        GuestEvent heard;
        do
            heard = await watch.Events.ReadAsync(limit.Token);
        while (heard is not GuestEvent.SawForeignWriter);
        await BareLab.Until(
            () => Task.FromResult(GuestSetup.CheckDisks(lab)["twin"].DoubleRuns.Count > 0), "the disk shows the double run");
        foreach (var evidence in new[] { "twin has 2 processes at once", "found another writer", "twin's disk" })
        {
            await BareLab.Until(
                () => Task.FromResult(doubles.Findings().Any(found => found.Contains(evidence, StringComparison.Ordinal))), evidence);
        }
    }

    [Fact]
    public async Task The_boot_sector_is_the_assembled_source()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/as") && File.Exists("/usr/bin/ld"), "binutils is not installed");
        var directory = Directory.CreateTempSubdirectory("mainstay-boot-sector-").FullName;
        try
        {
            var source = Path.Combine(directory, "boot.S");
            await File.WriteAllTextAsync(source, LabResource.Text("boot-sector.S"), TestContext.Current.CancellationToken);
            (await BareLab.Program("as", "--32", "-o", source + ".o", source)).OutputOr("as");
            (await BareLab.Program("ld", "-m", "elf_i386", "-Ttext", "0x7c00", "--oformat", "binary", "-o", source + ".bin",
                source + ".o")).OutputOr("ld");
            Assert.Equal(File.ReadAllBytes(source + ".bin"), LabResource.Bytes("boot-sector.bin"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
