using Mainstay.Contracts.Api;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>Real guests are started in the order that was set (S7).</summary>
[Collection("cluster")]
public sealed class OrderTests(ClusterLab cluster)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(4);

    [Fact]
    public Task An_application_starts_in_order_and_shows_who_waits() => cluster.Play(async stage =>
    {
        var (host, first, second) = (stage.Hosts[0], stage.Guests[0], stage.Guests[1]);
        await stage.Mainstay(host, "app", "set", "shop", first, second);
        await stage.Mainstay(host, "order", second, "--after", first, "--gate", "delay=4s", "--limit", "2m", "--then", "hold");
        foreach (var guest in new[] { second, first })
            await stage.Mainstay(host, "stop", guest, "--force");
        await stage.Until(host, "The stop of both", seen => seen.Guests.FirstOrDefault(guest =>
            (guest.Name == first || guest.Name == second) && guest.State != "stopped")?.Name);

        await stage.Mainstay(host, "app", "start", "shop");
        await stage.Until(host, "The word that one waits for the other",
            seen => seen.Guests.First(guest => guest.Name == second).Waits is null ? "it does not wait" : null);
        await stage.Until(host, "The start of both", seen => seen.Guests.FirstOrDefault(guest =>
            (guest.Name == first || guest.Name == second) && guest.State != "running")?.Name);

        await stage.Facts.Until("GuestStarted", second);
        var began = Time(stage, "GuestStarting", second) - Time(stage, "GuestStarted", first);
        Assert.True(began >= Delay - TimeSpan.FromMilliseconds(200), $"{second} was started {began} after {first} ran");
        await stage.Mainstay(host, "order", second, "--not-after", first);
        await stage.Mainstay(host, "app", "remove", "shop");
    });

    private static DateTimeOffset Time(Stage stage, string fact, string guest) => stage.Facts.Of(fact, guest)[^1].Time;
}
