using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mainstay.Agent.Pki;

/// <summary>
/// The cluster's certificate authority: ECDSA P-256, made at init. Every member holds its key, so that any can admit others.
/// </summary>
internal sealed class Authority : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(30 * 365);
    private static readonly TimeSpan HostLife = TimeSpan.FromDays(20 * 365);

    // Clocks that differ by less than this do not keep a new certificate from being valid.
    private static readonly TimeSpan Early = TimeSpan.FromDays(1);
    private readonly X509Certificate2 certificate;

    private Authority(X509Certificate2 certificate) => this.certificate = certificate;

    public DateTimeOffset NotAfter => certificate.NotAfter.ToUniversalTime();

    public string CertificatePem => certificate.ExportCertificatePem();

    public string KeyPem
    {
        get
        {
            using var key = certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The authority has no key.");
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    /// <summary>SHA-256 of the certificate, lower-case hexadecimal: what a join token pins.</summary>
    public string Fingerprint => FingerprintOf(certificate);

    public static string FingerprintOf(X509Certificate2 certificate) =>
        Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    public static Authority Create(string cluster, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN=Mainstay cluster {cluster}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new Authority(request.CreateSelfSigned(now - Early, now + Life));
    }

    public static Authority Load(string certificateFile, string keyFile) =>
        new(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));

    /// <summary>
    /// A certificate for server and client use. Only the public key of the request is taken over: name and addresses are what the caller
    /// has checked. A damaged request throws <see cref="CryptographicException"/>.
    /// </summary>
    public string Sign(string requestPem, string host, IEnumerable<string> addresses, DateTimeOffset now)
    {
        var asked = CertificateRequest.LoadSigningRequestPem(requestPem, HashAlgorithmName.SHA256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={host}"), asked.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, true, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddDnsName("localhost");
        foreach (var address in addresses.Append("127.0.0.1").Distinct(StringComparer.Ordinal))
            names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        var until = now + HostLife;
        using var signed = request.Create(
            certificate, now - Early, until < certificate.NotAfter ? until : certificate.NotAfter, serial);
        return signed.ExportCertificatePem();
    }

    /// <summary>A new key and a request for it; the key never leaves its host.</summary>
    public static (string KeyPem, string RequestPem) NewHostKey(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={host}"), key, HashAlgorithmName.SHA256);
        return (key.ExportPkcs8PrivateKeyPem(), request.CreateSigningRequestPem());
    }

    public void Dispose() => certificate.Dispose();
}
