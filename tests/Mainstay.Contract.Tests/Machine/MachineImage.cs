using Mainstay.Lab.Guests;
using Mainstay.Lab.Processes;
using Xunit;

namespace Mainstay.Contract.Tests.Machine;

/// <summary>
/// Kernel and first file system of a virtual machine that stands for a host: Debian's kernel for real machines, which has drivers for
/// watchdogs, busybox, and an init of ours. Built once into the lab's cache, from a package that is only unpacked, never installed.
/// </summary>
internal sealed record MachineImage(string Kernel, byte[] InitialDisk)
{
    private const string KernelPackage = "linux-image-amd64";
    private const string Busybox = "/usr/bin/busybox";
    private static readonly string Cache = Path.Combine(new Lab.LabOptions().CacheDirectory, "machine");
    private static readonly TimeSpan DownloadLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(2);

    /// <summary>In the order in which they need each other.</summary>
    private static readonly string[] Modules =
    [
        "virtio", "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "failover", "net_failover", "virtio_net",
        "watchdog", "i6300esb",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string ModuleFolder => Path.Combine(Cache, "modules");

    public static void RequireMachine()
    {
        var lacking = new[]
            {
                ("/usr/bin/qemu-system-x86_64", "qemu-system-x86"), (Busybox, "busybox-static"), ("/usr/bin/xz", "xz-utils"),
                ("/usr/bin/apt-get", "apt"), ("/usr/bin/gcc", "gcc"), ("/usr/lib/x86_64-linux-gnu/libc.a", "libc6-dev"),
                ("/sbin/ip", "iproute2"),
            }
            .Where(thing => !File.Exists(thing.Item1)).Select(thing => thing.Item2).ToList();
        Assert.SkipWhen(lacking.Count > 0, $"Missing: {string.Join(' ', lacking)}");
        Assert.SkipWhen(Posix.EffectiveUser() != 0, "A tap device needs root.");
    }

    /// <param name="more">Puts more into the file system.</param>
    public static async Task<MachineImage> Get(Func<CpioArchive, Task> more)
    {
        var kernel = Path.Combine(Cache, "vmlinux");
        if (!File.Exists(kernel))
            await Build(kernel);
        var archive = new CpioArchive();
        foreach (var directory in new[] { "bin", "dev", "proc", "sys", "run", "tmp", "etc", "modules", "var/lib", "usr/bin" })
            archive.Directory(directory);
        archive.Device("dev/console", major: 5, minor: 1);
        archive.Device("dev/null", major: 1, minor: 3);
        archive.File("bin/busybox", await File.ReadAllBytesAsync(Busybox, Cancel));
        archive.File("init", await Resource("machine-init.sh"));
        foreach (var (name, index) in Modules.Select((name, index) => (name, index)))
            archive.File($"modules/{index:d2}-{name}.ko", await File.ReadAllBytesAsync(Path.Combine(ModuleFolder, name + ".ko"), Cancel));
        await more(archive);
        return new MachineImage(kernel, archive.Finish());
    }

    /// <summary>A program with the libraries it is linked with.</summary>
    public static async Task AddProgram(CpioArchive archive, string file, string place)
    {
        archive.File(place, await File.ReadAllBytesAsync(file, Cancel));
        foreach (var line in (await Must("ldd", file)).Split('\n'))
        {
            if (line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith('/')) is { } library)
                archive.File(library.TrimStart('/'), await File.ReadAllBytesAsync(library, Cancel));
        }
    }

    /// <summary>A small program of ours, linked with nothing.</summary>
    public static async Task<byte[]> Compile(string source)
    {
        var folder = Directory.CreateTempSubdirectory("mainstay-compile-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, source), await Resource(source), Cancel);
            await Must("gcc", "-O2", "-static", "-s", "-Wall", "-o", Path.Combine(folder, "program"), Path.Combine(folder, source));
            return await File.ReadAllBytesAsync(Path.Combine(folder, "program"), Cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Build(string kernel)
    {
        var work = Cache + ".build";
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        Directory.CreateDirectory(ModuleFolder);
        var depends = await Must("apt-cache", "depends", KernelPackage);
        var package = depends.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith("Depends: linux-image-", StringComparison.Ordinal))?["Depends: ".Length..];
        Assert.SkipWhen(package is null, $"The package archive does not know {KernelPackage}: run apt-get update.");

        // apt-get writes downloads into its working directory.
        var download = await Command.Run("env", ["-C", work, "apt-get", "-q", "download", package ?? ""], DownloadLimit, Cancel);
        Assert.SkipWhen(!download.Succeeded, $"{package} cannot be downloaded: {download.Describe()}");
        await Must("dpkg", "-x", Directory.EnumerateFiles(work, "*.deb").Single(), Path.Combine(work, "root"));
        foreach (var name in Modules)
        {
            var file = Directory.EnumerateFiles(Path.Combine(work, "root"), name + ".ko", SearchOption.AllDirectories).Single();
            File.Move(file, Path.Combine(ModuleFolder, name + ".ko"), overwrite: true);
        }

        // The payload ends in its length, which xz would take for damage. Unpacked, the kernel need not do so itself under emulation.
        var packed = Directory.EnumerateFiles(Path.Combine(work, "root", "boot"), "vmlinuz-*").Single();
        var payload = KernelPayload.Find(await File.ReadAllBytesAsync(packed, Cancel));
        var compressed = Path.Combine(work, "vmlinux.xz");
        await File.WriteAllBytesAsync(compressed, payload[..^sizeof(int)], Cancel);
        await Must("xz", "-d", compressed);
        Assert.True(KernelPayload.IsProgram(Path.Combine(work, "vmlinux")), $"{packed} did not unpack to a kernel");
        File.Move(Path.Combine(work, "vmlinux"), kernel, overwrite: true);
        Directory.Delete(work, recursive: true);
    }

    private static async Task<byte[]> Resource(string name)
    {
        await using var stream = typeof(MachineImage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the tests.");
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    private static async Task<string> Must(string program, params string[] arguments) =>
        (await Command.Run(program, arguments, BuildLimit, Cancel)).OutputOr($"The machine could not be built ({program})");
}
