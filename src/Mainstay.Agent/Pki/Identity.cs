using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mainstay.Contracts;

namespace Mainstay.Agent.Pki;

/// <summary>Checks the certificates and keys of a member before they are used, so that a damaged file is named and not a stack trace.</summary>
internal static class Identity
{
    private const string Rejoin = "restore it from a backup, or take this host out of the cluster and join again";

    /// <summary>An <see cref="AgentException"/> names the file, what is wrong with it, and the mend.</summary>
    public static void Check(FileLayout layout)
    {
        using var authority = Load(layout.AuthorityCertificate, pem => X509Certificate2.CreateFromPem(pem), "copy it from another member");
        using var host = Load(layout.HostCertificate, pem => X509Certificate2.CreateFromPem(pem), Rejoin);
        using var whole = Load(layout.HostKey, key => X509Certificate2.CreateFromPem(Read(layout.HostCertificate), key), Rejoin);
        using var trust = new ClusterTrust(authority, host: null);
        if (!trust.Accepts(host))
            throw new AgentException(
                $"{layout.HostCertificate} ({host.Subject}, valid {host.NotBefore.ToUniversalTime():u} to {host.NotAfter.ToUniversalTime():u}) "
                + $"is not valid now under {layout.AuthorityCertificate} ({authority.Subject}); check the clock, or {Rejoin}");
    }

    /// <summary>A text file of the identity.</summary>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AgentException($"{path} is missing; {Rejoin}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AgentException($"{path} cannot be read: {e.Message} Run the agent as root", e);
        }
    }

    private static X509Certificate2 Load(string path, Func<string, X509Certificate2> parse, string mend)
    {
        try
        {
            return parse(Read(path));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new AgentException($"{path} is damaged: {e.Message} To mend it, {mend}", e);
        }
    }
}
