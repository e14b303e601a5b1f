using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Guests;

/// <summary>
/// The small Linux guest: kernel and modules of Debian's cloud image package, the QEMU guest agent, and one program of ours as its
/// first process. Built once into the cache, from packages that are only unpacked, never installed.
/// </summary>
internal sealed record LinuxGuestImage(string Kernel, string InitialDisk)
{
    public const string KernelCommandLine =
        "console=tty0 quiet panic=-1 mitigations=off nokaslr no_timer_check tsc=reliable cryptomgr.notests "
        + "random.trust_cpu=on 8250.nr_uarts=1 selinux=0 apparmor=0";

    private const string KernelPackage = "linux-image-cloud-amd64";
    private static readonly TimeSpan DownloadLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(1);

    private static readonly string[] Modules =
    [
        "virtio", "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk", "virtio_console",
    ];

    /// <summary>What the build itself needs, with the Debian packages that have it.</summary>
    private static readonly (string Program, string Package)[] Needed =
    [
        ("/usr/bin/gcc", "gcc"), ("/usr/lib/x86_64-linux-gnu/libc.a", "libc6-dev"), ("/usr/bin/lz4", "lz4"), ("/usr/bin/apt-get", "apt"),
    ];

    public static async Task<LinuxGuestImage> Get(string cacheDirectory, CancellationToken cancel)
    {
        var directory = Path.Combine(cacheDirectory, "linux-guest");
        var image = new LinuxGuestImage(Path.Combine(directory, "vmlinux"), Path.Combine(directory, "initrd"));
        if (!File.Exists(image.InitialDisk))
            await Build(image, directory, cancel).ConfigureAwait(false);
        return image;
    }

    private static async Task Build(LinuxGuestImage image, string directory, CancellationToken cancel)
    {
        var lacking = Needed.Where(thing => !File.Exists(thing.Program)).Select(thing => thing.Package).ToArray();
        if (lacking.Length > 0)
            throw new LabException(
                $"The Linux guest is built with {string.Join(", ", lacking)}: apt-get install {string.Join(' ', lacking)}");
        var work = directory + ".build";
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(directory);
        Directory.CreateDirectory(work);
        await Unpack(work, cancel).ConfigureAwait(false);
        await ExtractKernel(work, image.Kernel, cancel).ConfigureAwait(false);
        var archive = await BuildArchive(work, cancel).ConfigureAwait(false);
        await File.WriteAllBytesAsync(image.InitialDisk + ".new", archive, cancel).ConfigureAwait(false);
        File.Move(image.InitialDisk + ".new", image.InitialDisk, overwrite: true);
        Directory.Delete(work, recursive: true);
    }

    private static async Task Unpack(string work, CancellationToken cancel)
    {
        var depends = await Must("apt-cache", ["depends", KernelPackage], BuildLimit, cancel).ConfigureAwait(false);
        var kernel = depends.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith("Depends: linux-image-", StringComparison.Ordinal))
            ?? throw new LabException($"The package archive does not know {KernelPackage}. Run 'apt-get update' first.");
        // apt-get writes downloads into its working directory.
        await Must("env", ["-C", work, "apt-get", "-q", "download", kernel["Depends: ".Length..], "qemu-guest-agent"],
            DownloadLimit, cancel)
            .ConfigureAwait(false);
        foreach (var package in Directory.EnumerateFiles(work, "*.deb").ToArray())
            await Must("dpkg", ["-x", package, Path.Combine(work, "root")], BuildLimit, cancel).ConfigureAwait(false);
    }

    /// <summary>The uncompressed kernel starts faster than one that has to unpack itself under emulation.</summary>
    private static async Task ExtractKernel(string work, string kernel, CancellationToken cancel)
    {
        var packed = Directory.EnumerateFiles(Path.Combine(work, "root", "boot"), "vmlinuz-*").Single();
        var payload = Path.Combine(work, "payload.lz4");
        await File.WriteAllBytesAsync(payload, KernelPayload.Find(await File.ReadAllBytesAsync(packed, cancel).ConfigureAwait(false)),
            cancel)
            .ConfigureAwait(false);
        // The kernel's payload ends in its length, which lz4 takes for rubbish after writing everything; so the result is checked instead.
        await Command.Run("lz4", ["-d", "-f", "-q", payload, kernel], BuildLimit, cancel).ConfigureAwait(false);
        if (!File.Exists(kernel) || !KernelPayload.IsProgram(kernel))
            throw new LabException($"{packed} did not unpack to a kernel; its compression is not LZ4.");
    }

    private static async Task<byte[]> BuildArchive(string work, CancellationToken cancel)
    {
        var source = Path.Combine(work, "guest-init.c");
        var init = Path.Combine(work, "init");
        await File.WriteAllBytesAsync(source, LabResource.Bytes("guest-init.c"), cancel).ConfigureAwait(false);
        await Must("gcc", ["-O2", "-static", "-s", "-Wall", "-o", init, source], BuildLimit, cancel).ConfigureAwait(false);

        var archive = new CpioArchive();
        foreach (var directory in new[] { "dev", "proc", "sys", "run", "tmp", "etc", "modules", "var" })
            archive.Directory(directory);
        archive.Device("dev/console", major: 5, minor: 1);
        archive.File("init", await File.ReadAllBytesAsync(init, cancel).ConfigureAwait(false));
        var root = Path.Combine(work, "root");
        foreach (var (name, index) in Modules.Select((name, index) => (name, index)))
        {
            var file = Directory.EnumerateFiles(Path.Combine(root, "lib", "modules"), name + ".ko", SearchOption.AllDirectories)
                .FirstOrDefault();
            if (file is not null)
                archive.File($"modules/{index:d2}-{name}.ko", await File.ReadAllBytesAsync(file, cancel).ConfigureAwait(false));
        }

        await AddGuestAgent(archive, Path.Combine(root, "usr", "sbin", "qemu-ga"), cancel).ConfigureAwait(false);
        return archive.Finish();
    }

    private static async Task AddGuestAgent(CpioArchive archive, string agent, CancellationToken cancel)
    {
        archive.File("usr/sbin/qemu-ga", await File.ReadAllBytesAsync(agent, cancel).ConfigureAwait(false));
        var libraries = await Must("ldd", [agent], BuildLimit, cancel).ConfigureAwait(false);
        if (libraries.Contains("not found", StringComparison.Ordinal))
            throw new LabException(
                $"The guest agent needs libraries that this machine lacks: apt-get install libglib2.0-0 liburing2 ({libraries})");
        foreach (var line in libraries.Split('\n'))
        {
            var path = line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith('/'));
            if (path is not null)
                archive.File(path.TrimStart('/'), await File.ReadAllBytesAsync(path, cancel).ConfigureAwait(false));
        }
    }

    private static async Task<string> Must(string program, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancel) =>
        (await Command.Run(program, arguments, limit, cancel).ConfigureAwait(false))
            .OutputOr($"The Linux guest could not be built ({program})");
}
