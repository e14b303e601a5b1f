using Mainstay.Agent.Configuration;
using Mainstay.Agent.Member;
using Mainstay.Agent.Pki;
using Mainstay.Agent.Tests.Joining;

namespace Mainstay.Agent.Tests.Configuration;

/// <summary>What is wrong in /etc/mainstay is said with file, line, value and mend.</summary>
public sealed class ConfigurationTests : IAsyncLifetime
{
    private const string Good = """
        {
          "schema": 1,
          "cluster": "c",
          "cluster_id": "0011223344556677",
          "host": "n1",
          "number": 1,
          "addresses": [ "127.0.0.1" ]
        }
        """;

    private readonly TestRoot root = new();

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(root.Layout.Configuration);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(root.Layout.AgentFile);
        return root.DisposeAsync();
    }

    [Fact]
    public void What_is_left_out_has_its_usual_value()
    {
        File.WriteAllText(root.Layout.AgentFile, Good);
        var file = AgentFile.Load(root.Layout.AgentFile);
        Assert.Equal((60, "qemu:///system", "/usr/bin/etcd"), (file?.StopGraceSeconds, file?.LibvirtUri, file?.EtcdProgram));
        Assert.Null(AgentFile.Load(root.Layout.AgentFile + ".absent"));
    }

    [Theory]
    [InlineData("\"number\": 1", "\"number\": \"one\"", "agent.json line 6 (number): ", "docs/reference lists the settings")]
    [InlineData("\"number\": 1", "\"number\": 0", "agent.json: number is 0; it is 1 to 65535", "")]
    [InlineData("\"number\": 1,", "\"number\": 1, \"nmber\": 2,", "agent.json line 6 (nmber): ", "nmber")]
    [InlineData("\"host\": \"n1\",", "", "agent.json", "host")]
    [InlineData("\"host\": \"n1\"", "\"host\": \"n 1\"", "agent.json: host 'n 1' has characters other than", "")]
    [InlineData("\"schema\": 1", "\"schema\": 2", "agent.json: schema is 2, this version knows 1", "install a newer version")]
    [InlineData("\"127.0.0.1\"", "", "agent.json: addresses is empty", "name at least one address")]
    [InlineData("\"127.0.0.1\"", "\"n1.example\"", "agent.json: address 'n1.example' is no IP address", "")]
    [InlineData("\"number\": 1", "\"number\": 1, \"stop_grace_seconds\": -1", "stop_grace_seconds is -1; give 0 to 3600", "")]
    [InlineData("\"cluster\": \"c\",", "\"cluster\": \"c\"", "agent.json line 4: ", "Correct it")]
    [InlineData(Good, "null", "agent.json: is 'null'", "join again")]
    [InlineData(Good, "", "agent.json line 1: ", "Correct it")]
    public void A_malformed_agent_file_is_explained(string good, string bad, string what, string also)
    {
        File.WriteAllText(root.Layout.AgentFile, Good.Replace(good, bad, StringComparison.Ordinal));
        var why = Assert.Throws<AgentException>(() => AgentFile.Load(root.Layout.AgentFile)).Message;
        Assert.Contains(root.Layout.AgentFile, why, StringComparison.Ordinal);
        Assert.Contains(what, why, StringComparison.Ordinal);
        Assert.Contains(also, why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_that_is_whole_is_accepted()
    {
        WriteIdentity(DateTimeOffset.UtcNow);
        using var trust = MemberParts.Trust(root.Layout);
        Assert.True(trust.Accepts(trust.Host));
    }

    [Fact]
    public void A_damaged_missing_or_foreign_identity_is_explained()
    {
        foreach (var path in (string[])[root.Layout.AuthorityCertificate, root.Layout.HostCertificate, root.Layout.HostKey])
        {
            WriteIdentity(DateTimeOffset.UtcNow);
            File.WriteAllText(path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
            Refused(path, "is damaged");
            File.Delete(path);
            Refused(path, "is missing");
        }

        WriteIdentity(DateTimeOffset.UtcNow);
        var certificate = File.ReadAllText(root.Layout.HostCertificate);
        WriteIdentity(DateTimeOffset.UtcNow);
        File.WriteAllText(root.Layout.HostCertificate, certificate);
        Refused(root.Layout.HostKey, "is damaged");
        WriteIdentity(DateTimeOffset.UtcNow);
        using (var other = Authority.Create("other", DateTimeOffset.UtcNow))
            File.WriteAllText(root.Layout.AuthorityCertificate, other.CertificatePem);
        Refused(root.Layout.HostCertificate, "is not valid now under");
        WriteIdentity(DateTimeOffset.UtcNow.AddDays(10));
        Refused(root.Layout.HostCertificate, "check the clock");
    }

    [Theory]
    [InlineData("%%%", "is damaged")]
    [InlineData("AAAA", "has not 32 bytes")]
    [InlineData(null, "is missing")]
    public void A_damaged_cluster_key_is_explained(string? text, string what)
    {
        if (text is not null)
            File.WriteAllText(root.Layout.ClusterKey, text);
        var why = Assert.Throws<AgentException>(() => MemberParts.Codec(root.Layout)).Message;
        Assert.Contains($"{root.Layout.ClusterKey} {what}", why, StringComparison.Ordinal);
    }

    private void Refused(string path, string what)
    {
        var why = Assert.Throws<AgentException>(() => MemberParts.Trust(root.Layout)).Message;
        Assert.StartsWith(path, why, StringComparison.Ordinal);
        Assert.Contains(what, why, StringComparison.Ordinal);
    }

    private void WriteIdentity(DateTimeOffset now)
    {
        using var authority = Authority.Create("c", now);
        var (key, request) = Authority.NewHostKey("n1");
        File.WriteAllText(root.Layout.AuthorityCertificate, authority.CertificatePem);
        File.WriteAllText(root.Layout.HostKey, key);
        File.WriteAllText(root.Layout.HostCertificate, authority.Sign(request, "n1", ["127.0.0.1"], now));
    }
}
