using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Lab.Processes;
using Xunit;

namespace Mainstay.Contract.Tests.Beacon;

/// <summary>
/// Three hosts whose beacons keep a lease for n1, and a pipe in the place of its watchdog device: what is fed, is read here.
/// </summary>
internal sealed class LeaseRig(double freeze = 10, double kill = 20) : IAsyncDisposable
{
    private readonly BeaconCluster cluster = new(3);
    private readonly CancellationTokenSource ending = new();
    private FileStream? pipe;
    private Task reading = Task.CompletedTask;
    private long fed;
    private volatile int last = -1;

    /// <summary>Guests that the lease guards.</summary>
    public IReadOnlyList<ProtectedGuest> Protected { get; init; } = [];

    public BeaconHost Host => cluster[1];

    public string Device => Path.Combine(Host.Root, "watchdog");

    /// <summary>How often the watchdog was fed.</summary>
    public long Fed => Interlocked.Read(ref fed);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The two keepers beside the host are up, and the device is there.</summary>
    public async Task Begin()
    {
        Posix.MakePipe(Device);
        await File.WriteAllTextAsync(Host.Paths.Watchdog, $"device {Device}\nreset 3\n", Cancel);

        // Open for both directions: neither side waits for the other.
        pipe = new FileStream(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1);
        reading = Read(pipe);
        foreach (var number in new[] { 2, 3 })
        {
            await cluster.Join(number);
            await SetUp(number, (await cluster[number].Report(said => said.Lease.Incarnation != 0)).Lease.Incarnation);
        }
    }

    /// <summary>Connects an agent to the host's beacon, which begins to keep a lease.</summary>
    public async Task Hold()
    {
        await Host.ConnectAgent();
        await SetUp(1, registered: 0);
        await Host.Report(said => said.Lease.State == LeaseState.Valid);
    }

    /// <summary>The keepers beside the host are stopped where they stand: it is isolated; or go on.</summary>
    public void Isolate(bool begin)
    {
        foreach (var number in new[] { 2, 3 })
            Posix.Signal(cluster[number].Beacon.Id, begin ? Posix.Stop : Posix.Continue);
    }

    public BeaconSetup SetupOf(int number, ulong registered) => cluster.SetupOf(number, [.. Protected]) with
    {
        Keepers = new KeeperDuty(1, [1, 2, 3], [], registered),
        Lease = number == 1 ? new LeaseTerms(TimeSpan.FromSeconds(freeze), TimeSpan.FromSeconds(kill), TimeSpan.FromSeconds(3.6)) : null,
    };

    /// <summary>Waits until it was fed several times more.</summary>
    public Task UntilFed()
    {
        var enough = Fed + 3;
        return Until(() => Fed >= enough, "the watchdog is fed");
    }

    /// <summary>Waits until the last byte that came was the leave to be closed.</summary>
    public Task UntilMayBeClosed() => Until(() => last == 'V', "the watchdog is disarmed");

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await ending.CancelAsync();

        // A read of a pipe is ended by a byte, not by a wish.
        if (pipe is not null)
        {
            pipe.WriteByte(0);
            pipe.Flush();
        }

        await reading;
        pipe?.Dispose();
        ending.Dispose();
    }

    private async Task Until(Func<bool> condition, string what)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); !condition(); await Task.Delay(10, Cancel))
            Assert.True(DateTime.UtcNow < deadline, $"{what}; it was fed {Fed} times: {Host.Log}");
    }

    private Task SetUp(int number, ulong registered) => cluster[number].Link.SetUp(SetupOf(number, registered), Cancel);

    private Task Read(FileStream from) => Task.Factory.StartNew(
        () =>
        {
            while (from.ReadByte() is >= 0 and var got && !ending.IsCancellationRequested)
            {
                last = got;
                Interlocked.Increment(ref fed);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
