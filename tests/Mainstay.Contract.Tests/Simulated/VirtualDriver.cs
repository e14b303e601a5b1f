using System.Threading.Channels;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Simulator;
using Mainstay.Simulator.World;

namespace Mainstay.Contract.Tests.Simulated;

/// <summary>
/// Runs a virtual world beside the tests. Its only owner is one loop: it takes the tests' calls, lets virtual time pass, and hands out
/// what came of it. The hosts run everything but an agent's mind: what an agent would be told comes to the test.
/// </summary>
internal sealed class VirtualDriver : IAsyncDisposable
{
    /// <summary>Virtual time of one round. A round takes about a millisecond.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(10);

    private readonly Channel<Action> calls = Channel.CreateUnbounded<Action>();
    private readonly List<Action> results = [];
    private readonly SortedDictionary<HostId, Action<NodeInput>> ears = [];
    private readonly CancellationTokenSource stop = new();
    private readonly VirtualWorld world;
    private readonly Task running;
    private long now;

    public VirtualDriver(int hosts, int guests, long guestMemoryMiB, Action<VirtualWorld> afterRound)
    {
        world = new VirtualWorld(
            new StartState(
                Enumerable.Range(1, hosts).Select(i => new HostStart(new HostId($"n{i}"), 8192, Fenced: true, Watchdog: null))
                    .ToValueList(),
                Enumerable.Range(1, guests).Select(i => Guest($"g{i}", guestMemoryMiB)).ToValueList(),
                TimingProfile.Balanced,
                Seed: 1,
                ImageLocks: false,
                BootTime: TimeSpan.Zero)
            {
                Storages = [new StorageStart("san", null)],
            },
            (host, _, _) => new Ear(input => ears.GetValueOrDefault(host)?.Invoke(input)),
            LeaseGuards.All);
        foreach (var host in world.Hosts)
            host.PowerOn(TimeSpan.Zero);
        if (!world.RunUntil(() => world.Etcd.HasLeader && world.Hosts.All(h => h.Agent.Runs && h.Libvirt.Runs), BootLimit))
            throw new InvalidOperationException("The virtual hosts did not boot.");
        // Each agent watches the store from its start on; here a watch begins when a test asks for it.
        foreach (var host in world.Hosts)
            world.Etcd.AgentGone(host);
        world.RunFor(TimeSpan.FromSeconds(1));
        running = Task.Run(() => Run(afterRound));
    }

    /// <summary>Virtual time of the last round.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Interlocked.Read(ref now));

    /// <summary>Asks the world for something that it answers, now or later.</summary>
    public async Task<T> Ask<T>(Action<VirtualWorld, Action<T>> call, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await calls.Writer.WriteAsync(() => call(world, value => results.Add(() => answer.TrySetResult(value))), cancel);
        return await answer.Task.WaitAsync(cancel);
    }

    /// <summary>Does something in the world.</summary>
    public Task Do(Action<VirtualWorld> act) => Ask<bool>(
        (w, done) =>
        {
            act(w);
            done(true);
        },
        CancellationToken.None);

    /// <summary>From now on what the agent of this host is told goes there; null: nobody listens.</summary>
    public Task Listen(SimHost host, Action<NodeInput>? heard) => Do(_ =>
    {
        if (heard is null)
            ears.Remove(host.Id);
        else
            ears[host.Id] = heard;
    });

    /// <summary>Not to be used but for names: the world belongs to the loop.</summary>
    public SimHost Host(int index) => world.Hosts[index];

    public SimGuest Guest(int index) => world.Guests[index];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
        world.Dispose();
    }

    private static GuestStart Guest(string name, long memoryMiB) => new(
        new GroupId(name), memoryMiB, new HostId("n1"), Protected: false, Running: false, Autostart: false, GuestShutdownPolicy.StayDown);

    private async Task Run(Action<VirtualWorld> afterRound)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!stop.IsCancellationRequested)
        {
            while (calls.Reader.TryRead(out var call))
                call();
            world.RunFor(Round);
            Interlocked.Exchange(ref now, world.Now.Ticks);
            afterRound(world);
            // Answers go out after the truth that belongs to them.
            foreach (var result in results)
                result();
            results.Clear();
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>In the place of an agent's mind.</summary>
    private sealed class Ear(Action<NodeInput> heard) : ISimulatedAgent
    {
        public Instant NextWake => Instant.Never;

        public ValueList<NodeEffect> Handle(NodeInput input, Instant now)
        {
            heard(input);
            return [];
        }
    }
}
