using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Mainstay.Agent.Pki;
using Mainstay.Agent.Tests.Joining;
using Mainstay.Contracts.Api;

namespace Mainstay.Agent.Tests.Api;

/// <summary>Only members of this cluster reach the agents' API; what is open to others needs a token.</summary>
public sealed class ApiAuthenticationTests : IAsyncLifetime
{
    private TestMember member = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => member = await TestMember.Found("n1", Cancel);

    public async ValueTask DisposeAsync()
    {
        if (member is not null)
            await member.DisposeAsync();
    }

    [Fact]
    public async Task A_member_is_answered()
    {
        using var client = Client(member.Member.Trust.Host);
        foreach (var path in (string[])[ApiPaths.Status, ApiPaths.Journal, ApiPaths.Events])
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path, Cancel)).StatusCode);
    }

    [Theory]
    [InlineData(ApiPaths.Status)]
    [InlineData(ApiPaths.Events)]
    [InlineData(ApiPaths.Journal)]
    [InlineData(ApiPaths.Local)]
    [InlineData(ApiPaths.Explain + "/web")]
    public async Task Without_a_certificate_nothing_is_told(string path)
    {
        using var client = Client(null);
        using var answer = await client.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("a certificate of this cluster is needed", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ApiPaths.Token)]
    [InlineData(ApiPaths.ConfirmDead)]
    [InlineData(ApiPaths.Disarm)]
    [InlineData(ApiPaths.FenceSet)]
    [InlineData(ApiPaths.FenceTest)]
    [InlineData(ApiPaths.Stop)]
    [InlineData(ApiPaths.Forwarded + "/protect")]
    public async Task Without_a_certificate_nothing_is_done(string path)
    {
        using var client = Client(null);
        using var answer = await client.PostAsync(path, new StringContent("{}"), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_certificate_of_another_cluster_is_refused_in_the_handshake()
    {
        using var foreign = Issue("n1", DateTimeOffset.UtcNow, Authority.Create("test", DateTimeOffset.UtcNow));
        using var client = Client(foreign);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(ApiPaths.Status, Cancel));
    }

    [Fact]
    public async Task A_certificate_that_is_not_valid_now_is_refused()
    {
        var own = Authority.Load(member.Layout.AuthorityCertificate, member.Layout.AuthorityKey);
        using var early = Issue("n1", DateTimeOffset.UtcNow.AddDays(10), own);
        using var client = Client(early);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(ApiPaths.Status, Cancel));
    }

    [Fact]
    public async Task What_a_join_needs_is_open_and_a_join_without_a_token_is_refused()
    {
        using var client = Client(null);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(ApiPaths.Authority, Cancel)).StatusCode);
        using var answer = await client.PostAsync(ApiPaths.Admit, new StringContent("{}"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static X509Certificate2 Issue(string host, DateTimeOffset at, Authority authority)
    {
        using (authority)
        {
            var (key, request) = Authority.NewHostKey(host);
            using var pem = X509Certificate2.CreateFromPem(authority.Sign(request, host, ["127.0.0.1"], at), key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
    }

    private HttpClient Client(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                // Also a certificate that the server's list of authorities does not name is presented.
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://{member.Address}:7780") };
    }
}
