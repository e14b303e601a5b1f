using Mainstay.Agent.Configuration;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;

namespace Mainstay.Agent.Tests.Pki;

/// <summary>The scenario cert-expired-tls: certificates are renewed before they end, and after, and what cannot be is said ahead.</summary>
public sealed class RenewalTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly AgentFile Host = new() { Cluster = "c", ClusterId = "id", Host = "n1", Number = 1, Addresses = ["10.0.0.1"] };

    private readonly FileLayout layout = new(Directory.CreateTempSubdirectory("mainstay-pki").FullName);

    public void Dispose() => Directory.Delete(layout.Root, recursive: true);

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void Cert_expired_tls_a_certificate_that_ends_or_has_ended_is_renewed_with_the_same_key(int daysLeft)
    {
        Write(made: Now - TimeSpan.FromDays(20 * 365) + TimeSpan.FromDays(daysLeft));
        var key = File.ReadAllText(layout.HostKey);

        Assert.True(Renewal.RenewIfDue(layout, Host, Now));

        using var trust = ClusterTrust.Load(layout.AuthorityCertificate, layout.HostCertificate, layout.HostKey);
        Assert.True(trust.HostEnds > Now + TimeSpan.FromDays(365));
        Assert.True(trust.Accepts(trust.Host));
        Assert.Equal(key, File.ReadAllText(layout.HostKey));
        Identity.Check(layout);
        Assert.False(Renewal.RenewIfDue(layout, Host, Now));
    }

    [Fact]
    public void A_certificate_with_time_left_stays_and_so_does_one_that_cannot_be_read()
    {
        Write(made: Now);
        var before = File.ReadAllText(layout.HostCertificate);
        Assert.False(Renewal.RenewIfDue(layout, Host, Now));
        Assert.Equal(before, File.ReadAllText(layout.HostCertificate));
        File.WriteAllText(layout.HostCertificate, "damaged");
        Assert.False(Renewal.RenewIfDue(layout, Host, Now));
    }

    [Theory]
    [InlineData(31, null)]
    [InlineData(29, "expires")]
    [InlineData(-1, "has expired")]
    public void The_end_of_a_certificate_is_said_thirty_days_ahead(int daysLeft, string? says)
    {
        var warning = Renewal.Warning("the certificate of n1", Now + TimeSpan.FromDays(daysLeft), Now, "mend it");
        if (says is null)
            Assert.Null(warning);
        else
            Assert.Contains(says, warning, StringComparison.Ordinal);
    }

    private void Write(DateTimeOffset made)
    {
        using var authority = Authority.Create("c", made);
        var (key, request) = Authority.NewHostKey("n1");
        var files = new PrivateFiles();
        files.Write(layout.AuthorityCertificate, authority.CertificatePem);
        files.Write(layout.AuthorityKey, authority.KeyPem);
        files.Write(layout.HostKey, key);
        files.Write(layout.HostCertificate, authority.Sign(request, "n1", Host.Addresses, made));
    }
}
