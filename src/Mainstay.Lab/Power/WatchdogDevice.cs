using System.Diagnostics;
using System.Globalization;
using Mainstay.Lab.Hosts;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Power;

/// <summary>
/// The watchdog of one host, emulated: a pipe on the host that takes bytes as <c>/dev/watchdog</c> does. The first byte arms it; unfed for
/// its time it resets the host, however stuck that is. <c>V</c> disarms it.
/// </summary>
internal sealed class WatchdogDevice : IAsyncDisposable
{
    private const byte Leave = (byte)'V';
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource ending = new();
    private readonly TimeSpan limit;
    private readonly Func<Task> reset;
    private readonly int pipe;
    private readonly Task running;
    private readonly Stopwatch unfed = new();

    /// <param name="reset">Power off and on again.</param>
    public WatchdogDevice(HostPlan plan, TimeSpan limit, Func<Task> reset)
    {
        (this.limit, this.reset) = (limit, reset);
        pipe = Posix.OpenPipe(DevicePath(plan));
        running = Watch(ending.Token);
    }

    /// <summary>How often it reset the host.</summary>
    public int Resets { get; private set; }

    /// <summary>Puts the device and what its measurement would have said onto the host's own disk.</summary>
    public static void Install(HostPlan plan, TimeSpan limit)
    {
        Posix.MakePipe(DevicePath(plan));
        File.WriteAllText(
            Path.Combine(plan.Directory, "etc-mainstay", "watchdog"),
            string.Create(CultureInfo.InvariantCulture, $"device /etc/mainstay/watchdog.device\nreset {limit.TotalSeconds:0.###}\n"));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        _ = Posix.Close(pipe);
        ending.Dispose();
    }

    /// <summary>The host lost its power, and its watchdog with it.</summary>
    public void PowerLost() => unfed.Reset();

    private static string DevicePath(HostPlan plan) => Path.Combine(plan.Directory, "etc-mainstay", "watchdog.device");

    private async Task Watch(CancellationToken cancel)
    {
        var bytes = new byte[256];
        while (!cancel.IsCancellationRequested)
        {
            var got = (int)Posix.Read(pipe, bytes, bytes.Length);
            if (got > 0 && bytes[got - 1] == Leave)
            {
                unfed.Reset();
            }
            else if (got > 0)
            {
                unfed.Restart();
            }
            else if (unfed.IsRunning && unfed.Elapsed >= limit)
            {
                unfed.Reset();
                Resets++;
                await reset().ConfigureAwait(false);
                unfed.Reset();
            }

            await Task.Delay(LookEvery, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
