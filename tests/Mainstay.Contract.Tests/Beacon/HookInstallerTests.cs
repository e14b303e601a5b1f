using System.Diagnostics;
using Mainstay.Beacon.Link;
using Mainstay.Contracts.Beacon;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

public sealed class HookInstallerTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mainstay-hook-").FullName;

    private string Hooks => Path.Combine(root, "hooks");

    private BeaconPaths Paths => new(root);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void The_administrators_hook_is_kept_and_a_second_install_changes_nothing()
    {
        Directory.CreateDirectory(Hooks);
        File.WriteAllText(Path.Combine(Hooks, "qemu"), "#!/bin/sh\n");
        var installer = new HookInstaller(Hooks, BeaconHost.Program, Paths);
        var first = installer.Install();
        Assert.Equal((true, true), (first.Changed, first.ReloadNeeded));
        Assert.Equal("#!/bin/sh\n", File.ReadAllText(Path.Combine(Hooks, "qemu")));
        Assert.False(installer.Install().Changed);
        Assert.Equal(["50-mainstay"], Directory.EnumerateFiles(Path.Combine(Hooks, "qemu.d")).Select(Path.GetFileName));
        installer.Remove();
        Assert.False(File.Exists(first.Script));
    }

    [Fact]
    public void A_reload_is_asked_for_until_it_happened_and_again_when_all_hooks_were_gone()
    {
        var installer = new HookInstaller(Hooks, BeaconHost.Program, Paths);
        Assert.True(installer.Install().ReloadNeeded);
        Assert.True(installer.Install().ReloadNeeded);
        installer.Reloaded();
        Assert.False(installer.Install().ReloadNeeded);
        installer.Remove();
        Assert.True(installer.Install().ReloadNeeded);
    }

    [Theory]
    [InlineData("web", "prepare", 1)]
    [InlineData("web", "stopped", 0)]
    [InlineData("we", "prepare", 0)]
    public async Task Without_the_program_the_script_refuses_what_is_listed(string guest, string operation, int code)
    {
        Directory.CreateDirectory(Path.Combine(root, "var/lib/mainstay"));
        await File.WriteAllTextAsync(Paths.ProtectedList, "u-1\tweb\towned by n2\n", TestContext.Current.CancellationToken);
        var script = new HookInstaller(Hooks, Path.Combine(root, "missing"), Paths).Install().Script;
        Assert.Equal(code, await Run(script, guest, operation));
    }

    [Fact]
    public async Task The_script_hands_over_to_the_program()
    {
        Directory.CreateDirectory(Path.Combine(root, "var/lib/mainstay"));
        await File.WriteAllTextAsync(Paths.ProtectedList, "u-1\tweb\towned by n2\n", TestContext.Current.CancellationToken);
        var script = new HookInstaller(Hooks, BeaconHost.Program, Paths).Install().Script;
        Assert.Equal(1, await Run(script, "web", "prepare"));
        Assert.Equal(0, await Run(script, "other", "prepare"));
    }

    private static async Task<int> Run(string script, string guest, string operation)
    {
        var start = new ProcessStartInfo(script, [guest, operation, "begin", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The script did not start.");
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));
        return process.ExitCode;
    }
}
