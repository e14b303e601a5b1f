using Mainstay.Lab.Guests;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>
/// One real cluster for the tests of a collection: three hosts set up with the commands an administrator types, and guests that write to
/// disks without image locks, so that nothing but Mainstay keeps them from running twice. Each test gets it whole and must leave it whole;
/// after one that did not, the next gets a new one.
/// </summary>
public class ClusterLab : IAsyncLifetime
{
    /// <summary>Several times what the longest test takes on a slow day.</summary>
    private static readonly TimeSpan TestLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(120);

    private static readonly string[] Guests = ["guest1", "guest2", "guest3", "guest4"];

    private LabCluster? lab;
    private DoubleRunWatch? watch;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await End();
    }

    /// <summary>Tells a test's story on the cluster, heals everything, and checks what must hold whatever happened.</summary>
    internal async Task Play(Func<Stage, Task> story)
    {
        var options = Options;
        var missing = Prerequisites.Missing(options);
        Assert.SkipWhen(missing.Count > 0, string.Join(' ', missing));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TestLimit);
        if (lab is null)
            await Begin(options, limit.Token);
        var cluster = lab ?? throw new InvalidOperationException();
        var stage = new Stage(cluster, Guests, limit.Token);
        var whole = false;
        try
        {
            if (options.Hosts.Count > 2)
                await stage.LeaveNoHostWithAllGuests();
            stage = new Stage(cluster, Guests, limit.Token);
            await story(stage);
            await stage.Healing.EndFaults(limit.Token);
            await stage.WaitUntilWhole();
            if (!MayRunTwice)
                Assert.Empty(Findings());
            whole = true;
        }
        finally
        {
            if (!whole)
            {
                await stage.Tell();
                await End();
            }
        }
    }

    /// <summary>What was seen of guests that ran twice.</summary>
    internal IReadOnlyList<string> Findings() => watch?.Findings() ?? [];

    private protected virtual bool MayRunTwice => false;

    private protected virtual LabOptions Options => new()
    {
        Name = $"tclu{Checkout.Slot}",
        StateDirectory = LabOptions.DefaultStateDirectory($"tclu{Checkout.Slot}"),
        ManagementPrefix = $"10.91.{100 + Checkout.Slot}",
        StoragePrefix = $"10.92.{100 + Checkout.Slot}",
        ProgramDirectories = [Checkout.Programs],
    };

    private async Task Begin(LabOptions options, CancellationToken cancel)
    {
        var ready = false;
        lab = await LabCluster.Up(options, cancel);
        try
        {
            await MainstaySetup.Join(lab, LabFence.Ipmi, _ => { }, cancel);
            watch = new DoubleRunWatch(lab);
            await GuestSetup.Spread(lab, [.. Guests.Select(name => new LabGuest(name, Shareable: true))], allOn: null, cancel);
            await MainstaySetup.ProtectAll(lab, cancel);
            await new Stage(lab, Guests, cancel).Healing.WaitUntilWhole(Guests, SettleLimit, cancel);
            ready = true;
        }
        finally
        {
            if (!ready)
                await End();
        }
    }

    private async ValueTask End()
    {
        if (watch is not null)
            await watch.DisposeAsync();
        if (lab is not null)
            await lab.DisposeAsync();
        (watch, lab) = (null, null);
    }
}
