using System.Globalization;
using Mainstay.Lab.Processes;
using Xunit;

namespace Mainstay.Contract.Tests.Machine;

/// <summary>A wire between this machine, which has the addresses of n2 and n3, and a virtual one, n1.</summary>
internal sealed class TapNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // Two checkouts that are tested at the same time have other networks: a process number is taken once.
    private readonly int slot = Environment.ProcessId % 60_000;

    private TapNetwork()
    {
    }

    public string Device => string.Create(CultureInfo.InvariantCulture, $"mstap{slot}");

    public static async Task<TapNetwork> Make()
    {
        var network = new TapNetwork();
        await Ip("tuntap", "add", "dev", network.Device, "mode", "tap");
        foreach (var number in new[] { 2, 3 })
            await Ip("address", "add", $"{network.AddressOf(number)}/24", "dev", network.Device);
        await Ip("link", "set", network.Device, "up");
        return network;
    }

    public string AddressOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{80 + (slot / 250 % 10)}.{slot % 250}.{number}");

    public async ValueTask DisposeAsync() =>
        await Command.Run("ip", ["link", "delete", Device], Limit, CancellationToken.None);

    private static async Task Ip(params string[] arguments) =>
        (await Command.Run("ip", arguments, Limit, TestContext.Current.CancellationToken)).OutputOr("The network could not be made");
}
