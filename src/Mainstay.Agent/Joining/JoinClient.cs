using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mainstay.Agent.Pki;
using Mainstay.Contracts.Api;

namespace Mainstay.Agent.Joining;

/// <summary>
/// The new host's side of the wire. It first fetches the authority's certificate from a server it does not trust yet, compares it with the
/// fingerprint in the token, and only then opens the connection, verified by that authority, over which the secret goes.
/// </summary>
internal sealed class JoinClient(string address, JoinToken token)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    /// <summary>Null when the address is one a URL can hold.</summary>
    public static Uri Base(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"https://{Bracketed(address)}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "https" || uri.Host.Length == 0)
            throw new AgentException($"'{address}' is no address of a member; give ADDRESS or ADDRESS:PORT");
        return uri.IsDefaultPort ? new UriBuilder(uri) { Port = MemberRecords.ApiPort }.Uri : uri;
    }

    public async Task<X509Certificate2> FetchAuthority(CancellationToken cancel)
    {
        var options = new SslClientAuthenticationOptions
        {
            // Whoever answers, only the certificate that the token pins is taken from him.
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        };
        var reply = await Call(options, c => c.GetFromJsonAsync(ApiPaths.Authority, ApiJson.Default.AuthorityReply, cancel))
            .ConfigureAwait(false);
        var authority = Parse(reply.Certificate);
        if (Authority.FingerprintOf(authority) is var found && found != token.Fingerprint)
            throw new AgentException(
                $"{address} belongs to another cluster, or somebody stands in between: its authority is {found[..16]}…, "
                + $"the token is for {token.Fingerprint[..Math.Min(16, token.Fingerprint.Length)]}…. "
                + "Check the address, or make a new token there");
        return authority;
    }

    public async Task<AdmitReply> Admit(X509Certificate2 authority, AdmitRequest request, CancellationToken cancel)
    {
        using var trust = new ClusterTrust(authority, host: null);
        return await Call(trust.ClientOptions(), async client =>
        {
            using var answer = await client.PostAsJsonAsync(ApiPaths.Admit, request, ApiJson.Default.AdmitRequest, cancel)
                .ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync(ApiJson.Default.AdmitReply, cancel).ConfigureAwait(false);
            var error = await answer.Content.ReadFromJsonAsync(ApiJson.Default.ErrorReply, cancel).ConfigureAwait(false);
            throw new AgentException(error?.Text ?? $"{address} answered {(int)answer.StatusCode}");
        }).ConfigureAwait(false);
    }

    private X509Certificate2 Parse(string certificate)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate);
        }
        catch (CryptographicException e)
        {
            throw new AgentException($"{address} gave a damaged certificate ({e.Message}); is it a Mainstay agent?", e);
        }
    }

    private static string Bracketed(string address) =>
        System.Net.IPAddress.TryParse(address, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : address;

    private async Task<T> Call<T>(SslClientAuthenticationOptions tls, Func<HttpClient, Task<T?>> call)
        where T : class
    {
        using var handler = new SocketsHttpHandler { SslOptions = tls, ConnectTimeout = ConnectLimit, UseProxy = false };
        using var client = new HttpClient(handler) { BaseAddress = Base(address), Timeout = CallLimit };
        try
        {
            return await call(client).ConfigureAwait(false)
                ?? throw new AgentException($"{address} gave an empty answer; is it a Mainstay agent?");
        }
        catch (HttpRequestException e)
        {
            throw new AgentException(
                $"{address} cannot be reached: {e.InnerException?.Message ?? e.Message} Check address, port and firewall", e);
        }
        catch (TaskCanceledException e)
        {
            throw new AgentException($"{address} did not answer within {CallLimit.TotalSeconds:0} s; check address, port and firewall", e);
        }
        catch (JsonException e)
        {
            throw new AgentException($"{address} answers, but is no Mainstay agent", e);
        }
    }
}
