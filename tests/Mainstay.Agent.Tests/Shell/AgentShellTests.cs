using Mainstay.Contracts.Stored;
using Mainstay.Core.Facts;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Engine.Ports;
using Mainstay.Engine.Shell;

namespace Mainstay.Agent.Tests.Shell;

/// <summary>
/// The shell carries out what the node asks for: in order for one guest, beside each other otherwise, within limits, and no port that
/// hangs holds up another.
/// </summary>
public sealed class AgentShellTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ScriptedPorts ports = new();
    private readonly FactList facts = new();
    private readonly CancellationTokenSource stop = new();
    private AgentShell shell = null!;
    private Task running = Task.CompletedTask;
    private int progress;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var limits = new EffectLimits
        {
            Store = TimeSpan.FromMilliseconds(300),
            Token = TimeSpan.FromMilliseconds(300),
            GuestQuery = TimeSpan.FromMilliseconds(300),
            GuestStart = TimeSpan.FromMilliseconds(300),
            ProgressEvery = TimeSpan.FromMilliseconds(20),
            MeasureEvery = TimeSpan.FromMilliseconds(50),
        };
        var codec = new StoreCodec(new SecretSeal(new byte[32]));
        shell = new AgentShell(
            new AgentNode(ScriptedPorts.Self, new BootId("boot"), 1, null),
            ports.All,
            new StoreTranslator(codec, facts),
            facts,
            limits,
            new MonotonicClock(TimeProvider.System),
            () => Interlocked.Increment(ref progress));
        ports.Codec = codec;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        shell.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task A_member_joins_the_session_it_persisted_and_only_then()
    {
        Begin();
        ports.LoadCluster();
        await Until(() => shell.Sight.Session is not null, "it has a session");
        Assert.Contains(facts.All, f => f is Fact.HostJoined);
        var written = ports.Commits.First(c => c.Writes.Any(w => w.Key == "session/n1"));
        Assert.Contains(written.Guards, g => g.Key == "session/n1");
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_unknown_and_asked_again_and_nothing_else_waits()
    {
        ports.StoreHangs = true;
        Begin();
        ports.LoadCluster();
        await Until(() => ports.CommitCalls >= 1, "the session is to be written");
        var before = Volatile.Read(ref progress);
        await Until(() => Volatile.Read(ref progress) >= before + 3, "the loop goes on");
        await Until(() => ports.Measured >= 3, "the host is measured meanwhile");
        Assert.Null(shell.Sight.Session);
        ports.StoreHangs = false;
        await Until(() => shell.Sight.Session is not null, "it joins when the store answers");
    }

    [Fact]
    public async Task A_hypervisor_that_hangs_does_not_keep_the_node_from_anything()
    {
        ports.HypervisorHangs = true;
        Begin();
        ports.LoadCluster();
        await Until(() => ports.CommitCalls >= 1 || ports.Lists >= 2, "the node goes on");
        var reply = await shell.Ask(new AdminRequest.SetArmed(false, "test"), Patience, Cancel);
        Assert.IsType<AdminReply.Accepted>(reply);
        await Until(() => ports.Lists >= 2, "a listing that was given up is asked for again");
    }

    [Fact]
    public async Task A_question_that_the_store_holds_up_is_unknown_within_its_limit()
    {
        Begin();
        ports.LoadCluster();
        await Until(() => shell.Sight.Session is not null, "it has a session");
        ports.StoreHangs = true;
        var reply = await shell.Ask(new AdminRequest.SetArmed(false, "test"), TimeSpan.FromMilliseconds(200), Cancel);
        Assert.Contains("0.2 s", Assert.IsType<AdminReply.Unknown>(reply).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_breaks_ends_the_shell()
    {
        Begin();
        ports.Break(new InvalidOperationException("a defect"));
        var defect = await Assert.ThrowsAsync<InvalidOperationException>(() => running.WaitAsync(Patience, Cancel));
        Assert.Equal("a defect", defect.Message);
    }

    [Fact]
    public async Task A_guest_is_protected_and_restarted_by_acts_in_their_order()
    {
        ports.Domain = true;
        Begin();
        ports.LoadCluster();
        await Until(() => shell.Sight.Session is not null, "it has a session");
        var reply = await shell.Ask(new AdminRequest.Protect(ScriptedPorts.Guest, GuestShutdownPolicy.StayDown), Patience, Cancel);
        Assert.IsType<AdminReply.Accepted>(reply);
        await Until(() => ports.Acts.Contains("autostart web False"), "libvirt does not start it by itself any more");
        Assert.True(ports.Acts.IndexOf("read web") < ports.Acts.IndexOf("commit own/web"), string.Join(", ", ports.Acts));
        Assert.DoesNotContain(ports.Acts, act => act.StartsWith("start", StringComparison.Ordinal));

        ports.Crash();
        await Until(() => ports.Acts.Contains("start web"), "it is started again");
        await Until(() => facts.All.Any(f => f is Fact.GuestStarted), "its start is told");
        Assert.True(ports.Acts.IndexOf("arm web") is >= 0 and var armed && armed < ports.Acts.IndexOf("start web"));
    }

    private void Begin() => running = shell.Run(stop.Token);

    private async Task Until(Func<bool> holds, string what)
    {
        for (var deadline = DateTime.UtcNow + Patience; !holds(); await Task.Delay(5, Cancel))
        {
            if (running.IsFaulted)
                await running;
            Assert.True(DateTime.UtcNow < deadline, $"{what}; acts: {string.Join(", ", ports.Acts)}");
        }
    }
}
