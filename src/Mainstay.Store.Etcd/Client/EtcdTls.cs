using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Mainstay.Store.Etcd;

/// <summary>
/// Who we trust and who we are towards etcd: the cluster's own certificate authority and this host's certificate with its key.
/// The host certificate serves as client and server certificate, and names every address of the host.
/// </summary>
public sealed class EtcdTls : IDisposable
{
    private readonly SslStreamCertificateContext presented;
    private readonly X509Certificate2 authority;
    private readonly X509Certificate2 host;

    public EtcdTls(X509Certificate2 authority, X509Certificate2 host)
    {
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(host);
        if (!host.HasPrivateKey)
            throw new ArgumentException($"The host certificate {host.Subject} has no private key: load both.", nameof(host));
        (this.authority, this.host) = (authority, host);
        presented = SslStreamCertificateContext.Create(host, additionalCertificates: null, offline: true);
    }

    /// <summary>Loads PEM files. Throws IOException or CryptographicException when one cannot be read.</summary>
    public static EtcdTls FromPem(string authorityFile, string certificateFile, string keyFile) => new(
        X509Certificate2.CreateFromPem(File.ReadAllText(authorityFile)),
        X509Certificate2.CreateFromPemFile(certificateFile, keyFile));

    public void Dispose()
    {
        authority.Dispose();
        host.Dispose();
    }

    /// <summary>Trusts the cluster's authority alone, whatever the system trusts; names and addresses are checked as usual.</summary>
    internal SslClientAuthenticationOptions OptionsFor(string target) => new()
    {
        TargetHost = target,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateContext = presented,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    /// <summary>The form in which an address stands in a URL.</summary>
    internal static string UrlHost(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
