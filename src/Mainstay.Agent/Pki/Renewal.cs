using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mainstay.Agent.Configuration;
using Mainstay.Contracts;

namespace Mainstay.Agent.Pki;

/// <summary>
/// Renews the certificate of this host before it ends, or after: every host has the authority's key. The host's own key stays, so that one
/// file is replaced whole and nothing is half done.
/// </summary>
internal static class Renewal
{
    /// <summary>So long before the end it is renewed, and the status warns of what cannot be.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    /// <summary>
    /// True when a new certificate was written. Files that are damaged or missing are left to <see cref="Identity.Check"/>.
    /// </summary>
    public static bool RenewIfDue(FileLayout layout, AgentFile file, DateTimeOffset now)
    {
        if (!File.Exists(layout.HostCertificate) || !File.Exists(layout.AuthorityKey))
            return false;
        try
        {
            using var host = X509CertificateLoader.LoadCertificateFromFile(layout.HostCertificate);
            if (host.NotAfter.ToUniversalTime() - now > Ahead)
                return false;
            using var authority = Authority.Load(layout.AuthorityCertificate, layout.AuthorityKey);
            if (authority.NotAfter <= now || authority.NotAfter <= host.NotAfter.ToUniversalTime())
                return false; // Nothing it signs would last longer.
            using var key = ECDsa.Create();
            key.ImportFromPem(Identity.Read(layout.HostKey));
            var request = new CertificateRequest(new X500DistinguishedName($"CN={file.Host}"), key, HashAlgorithmName.SHA256);
            var signed = authority.Sign(request.CreateSigningRequestPem(), file.Host, file.Addresses, now);
            PrivateFiles.Replace(layout.HostCertificate, System.Text.Encoding.UTF8.GetBytes(signed));
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>What a person has to know about a certificate; null while it has time.</summary>
    public static string? Warning(string what, DateTimeOffset end, DateTimeOffset now, string mend) =>
        end <= now ? $"{what} has expired on {end:yyyy-MM-dd}; {mend}"
        : end - now <= Ahead ? $"{what} expires on {end:yyyy-MM-dd}, in {(end - now).TotalDays:0} days; {mend}"
        : null;
}
