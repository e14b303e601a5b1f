using System.Globalization;

namespace Mainstay.Store.Etcd.Member;

/// <summary>The command line of the local member.</summary>
internal static class EtcdArguments
{
    public static string DataDirectory(EtcdMemberOptions options) => $"--data-dir={options.EtcdDirectory}";

    public static IReadOnlyList<string> For(EtcdMemberOptions options, MemberIdentity identity)
    {
        var clients = Join(options.ClientEndpoints);
        var peers = Join(options.PeerEndpoints);
        List<string> arguments =
        [
            $"--name={options.Name}",
            DataDirectory(options),
            $"--listen-client-urls={clients}",
            $"--advertise-client-urls={clients}",
            $"--listen-peer-urls={peers}",
            $"--initial-advertise-peer-urls={peers}",
            $"--initial-cluster={identity.InitialCluster}",
            $"--initial-cluster-state={(identity.IsFirst ? "new" : "existing")}",
            $"--initial-cluster-token=mainstay-{options.ClusterId}",
            $"--heartbeat-interval={Milliseconds(options.Heartbeat)}",
            $"--election-timeout={Milliseconds(options.Election)}",
            // A member that returns from the far side of a cut does not disturb the leader.
            "--pre-vote=true",
            // Our clients ping every second to notice dead connections; etcd's default cuts those who ping more often than every 5 s.
            "--grpc-keepalive-min-time=500ms",
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=10m",
            string.Create(CultureInfo.InvariantCulture, $"--quota-backend-bytes={options.QuotaBytes}"),
            "--snapshot-count=10000",
            "--experimental-watch-progress-notify-interval=10s",
            "--logger=zap",
            $"--log-outputs={options.LogFile}",
        ];
        if (options.Tls is { } tls)
            arguments.AddRange(
            [
                $"--cert-file={tls.CertificateFile}",
                $"--key-file={tls.KeyFile}",
                $"--trusted-ca-file={tls.AuthorityFile}",
                "--client-cert-auth=true",
                $"--peer-cert-file={tls.CertificateFile}",
                $"--peer-key-file={tls.KeyFile}",
                $"--peer-trusted-ca-file={tls.AuthorityFile}",
                "--peer-client-cert-auth=true",
            ]);
        return arguments;
    }

    public static string InitialCluster(string name, IEnumerable<Uri> peers) =>
        string.Join(',', peers.Select(peer => $"{name}={Text(peer)}"));

    /// <summary>etcd compares addresses as text: no slash at the end.</summary>
    public static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static string Join(IEnumerable<Uri> addresses) => string.Join(',', addresses.Select(Text));

    private static string Milliseconds(TimeSpan time) => ((int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
