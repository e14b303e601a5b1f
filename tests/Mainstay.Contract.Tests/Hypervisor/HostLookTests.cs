using Mainstay.Core.Placement.Needs;
using Mainstay.Hypervisor.Libvirt;
using Xunit;

namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>What a host finds of all that guests need, with libvirt's built-in test driver, which needs no daemon.</summary>
public sealed class HostLookTests
{
    [Fact]
    public async Task Networks_pools_files_and_links_are_told_apart()
    {
        var here = Path.GetTempFileName();
        await using var hypervisor = new LibvirtHypervisor(new LibvirtOptions { Uri = "test:///default" });
        NeededItem[] items =
        [
            Item("bridge:no-such-link"), Item("device:/dev/no-such-device"), Item($"file:{here}"), Item("file:/no/such/file"), Item("link:lo"),
            Item("mdev:../../lo"), Item("network:default"), Item("network:elsewhere"), Item("pci:ffff:ff:1f.7"), Item("pool:default-pool"),
            Item("pool:elsewhere"), Item("something:else"),
        ];
        var cancel = TestContext.Current.CancellationToken;
        var found = await hypervisor.Look([.. items], cancel);
        for (var until = Environment.TickCount64 + 20_000; (!found.Has.Contains($"file:{here}") || !found.Has.Contains("network:default")) && Environment.TickCount64 < until;)
        {
            await Task.Delay(20, cancel);
            found = await hypervisor.Look([.. items], cancel);
        }

        Assert.Equal([$"file:{here}", "link:lo", "network:default", "pool:default-pool"], found.Has);
        Assert.Equal(
            ["bridge:no-such-link", "device:/dev/no-such-device", "file:/no/such/file", "network:elsewhere", "pci:ffff:ff:1f.7", "pool:elsewhere"],
            found.Lacks.Select(lack => lack.Item));
        File.Delete(here);
    }

    private static NeededItem Item(string name) => new(name, "");
}
