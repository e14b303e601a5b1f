using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Mainstay.Contract.Tests.Machine;

/// <summary>
/// A host as a whole machine under QEMU's software emulation, with a real watchdog on its PCI bus. What it prints, and what QEMU says of
/// it, is kept with the time.
/// </summary>
internal sealed class VirtualMachine : IAsyncDisposable
{
    private const string CommandLine =
        "console=ttyS0 quiet panic=-1 mitigations=off nokaslr no_timer_check tsc=reliable cryptomgr.notests random.trust_cpu=on "
        + "8250.nr_uarts=1 selinux=0 apparmor=0";

    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-machine-").FullName;
    private readonly ConcurrentQueue<(long At, string Text)> lines = new();
    private readonly ConcurrentQueue<(long At, string Name)> events = new();
    private readonly CancellationTokenSource ending = new();
    private readonly Process process;
    private Task listening = Task.CompletedTask;

    private VirtualMachine(MachineImage image, string tap)
    {
        var disk = Path.Combine(folder, "initrd");
        File.WriteAllBytes(disk, image.InitialDisk);
        var start = new ProcessStartInfo("qemu-system-x86_64",
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35,accel=tcg", "-cpu", "max", "-smp", "1", "-m", "256",
            "-kernel", image.Kernel, "-initrd", disk, "-append", CommandLine, "-serial", "stdio",
            "-netdev", $"tap,id=net,ifname={tap},script=no,downscript=no", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "i6300esb", "-action", "watchdog=reset", "-qmp", $"unix:{Qmp},server=on,wait=off",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException("QEMU did not start.");
        process.OutputDataReceived += (_, line) => lines.Enqueue((Stopwatch.GetTimestamp(), line.Data?.TrimEnd('\r') ?? ""));
        process.ErrorDataReceived += (_, line) => lines.Enqueue((Stopwatch.GetTimestamp(), line.Data ?? ""));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Console => string.Join('\n', lines.Select(line => line.Text));

    private string Qmp => Path.Combine(folder, "qmp");

    public static async Task<VirtualMachine> Start(MachineImage image, string tap, TimeSpan limit)
    {
        var machine = new VirtualMachine(image, tap);
        await machine.Until(() => File.Exists(machine.Qmp), "QEMU opens its monitor", limit);
        machine.listening = machine.Listen(machine.ending.Token);
        return machine;
    }

    /// <summary>Carries out a line of shell.</summary>
    public async Task Do(string line)
    {
        await process.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for a line with this text and says when the first of them, or the one after those skipped, came.</summary>
    public async Task<(long At, string Text)> Says(string text, TimeSpan limit, int skip = 0)
    {
        (long At, string Text) Find() =>
            lines.Where(line => line.Text.Contains(text, StringComparison.Ordinal)).Skip(skip).FirstOrDefault();
        await Until(() => Find().Text is not null, $"the machine says '{text}'", limit);
        return Find();
    }

    public int CountOf(string name) => events.Count(one => one.Name == name);

    public async Task<long> Event(string name, TimeSpan limit)
    {
        await Until(() => CountOf(name) > 0, $"QEMU reports {name}", limit);
        return events.First(one => one.Name == name).At;
    }

    public async Task Until(Func<bool> condition, string what, TimeSpan limit)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            Assert.True(waited.Elapsed < limit && !process.HasExited,
                $"Not within {limit.TotalSeconds:0} s: {what}. Events: {string.Join(' ', events.Select(one => one.Name))}\n{Console}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await listening;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        ending.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The monitor speaks JSON, one document a line: a greeting, answers, and events.</summary>
    private async Task Listen(CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Qmp), cancel);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream);
            await stream.WriteAsync("{\"execute\":\"qmp_capabilities\"}\n"u8.ToArray(), cancel);
            while (await reader.ReadLineAsync(cancel) is { } line)
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.TryGetProperty("event", out var name))
                    events.Enqueue((Stopwatch.GetTimestamp(), name.GetString() ?? ""));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // QEMU has ended; whoever waits for an event finds that out.
        }
    }
}
