using Xunit;

namespace Mainstay.Contract.Tests.Store;

/// <summary>Three voting members with TLS, grown from one as hosts join.</summary>
public sealed class ThreeEtcds : IAsyncLifetime
{
    internal EtcdHosts Hosts { get; private set; } = null!;

    internal TimeSpan GrownIn { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var time = System.Diagnostics.Stopwatch.StartNew();
        Hosts = await EtcdHosts.Start(3, tls: true, Tuned);
        GrownIn = time.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        if (Hosts is not null)
            await Hosts.DisposeAsync();
    }

    /// <summary>For measuring other election times: "heartbeat/election" in milliseconds.</summary>
    private static Mainstay.Store.Etcd.EtcdMemberOptions Tuned(Mainstay.Store.Etcd.EtcdMemberOptions options) =>
        Environment.GetEnvironmentVariable("MAINSTAY_TEST_ETCD_TIMES")?.Split('/') is [var heartbeat, var election]
            ? options with
            {
                Heartbeat = TimeSpan.FromMilliseconds(int.Parse(heartbeat, System.Globalization.CultureInfo.InvariantCulture)),
                Election = TimeSpan.FromMilliseconds(int.Parse(election, System.Globalization.CultureInfo.InvariantCulture)),
            }
            : options;
}
