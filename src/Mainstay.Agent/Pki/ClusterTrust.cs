using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Mainstay.Agent.Pki;

/// <summary>Who this host is and whom it trusts: the cluster's authority alone, whatever the system trusts.</summary>
internal sealed class ClusterTrust : IDisposable
{
    private readonly X509Certificate2 authority;
    private readonly X509Certificate2? host;

    public ClusterTrust(X509Certificate2 authority, X509Certificate2? host) => (this.authority, this.host) = (authority, host);

    public X509Certificate2 Host => host ?? throw new InvalidOperationException("This side has no certificate.");

    public static ClusterTrust Load(string authorityFile, string certificateFile, string keyFile) => new(
        X509CertificateLoader.LoadCertificateFromFile(authorityFile), X509Certificate2.CreateFromPemFile(certificateFile, keyFile));

    /// <summary>When the authority ends: then every certificate of the cluster does.</summary>
    public DateTimeOffset AuthorityEnds => authority.NotAfter.ToUniversalTime();

    /// <summary>When this host's certificate ends, as loaded.</summary>
    public DateTimeOffset HostEnds => Host.NotAfter.ToUniversalTime();

    public SslClientAuthenticationOptions ClientOptions() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificates = host is null ? null : [host],
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = Policy(),
    };

    /// <summary>True when the certificate was issued by this cluster's authority and is valid now.</summary>
    public bool Accepts(X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        authority.Dispose();
        host?.Dispose();
    }

    private X509ChainPolicy Policy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}
