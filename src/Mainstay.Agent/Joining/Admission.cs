using System.Security.Cryptography;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Joining;

/// <summary>The member's side of a join: checks the token, signs the certificate, gives number and keys.</summary>
internal sealed class Admission(
    AgentFile file, FileLayout layout, MemberRecords records, TokenRecords tokens, Func<IReadOnlyList<Uri>> endpoints, TimeProvider time)
{
    private const int MostAddresses = 8;
    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(30);

    /// <summary>A new token, kept in the store as a hash.</summary>
    public async Task<TokenReply> Issue(TimeSpan valid, CancellationToken cancel)
    {
        using var authority = Authority.Load(layout.AuthorityCertificate, layout.AuthorityKey);
        var token = JoinToken.New(file.ClusterId, authority.Fingerprint, time.GetUtcNow() + valid);
        await tokens.Keep(token, time.GetUtcNow(), cancel).ConfigureAwait(false);
        return new TokenReply { Token = token.ToString(), Expires = token.ExpiresAt, Addresses = file.Addresses };
    }

    public async Task<AdmitReply> Admit(AdmitRequest request, CancellationToken cancel)
    {
        Check(request);
        var token = await tokens.Find(request.TokenId, cancel).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var hash = Convert.FromHexString(JoinToken.HashOf(request.Secret));
        if (token is null || !CryptographicOperations.FixedTimeEquals(Convert.FromHexString(token.Hash), hash))
            throw new AgentException("the cluster does not know this token; make a new one with mainstay token on a member");
        if (now.ToUnixTimeSeconds() >= token.Expires)
            throw new AgentException(
                $"the token expired at {DateTimeOffset.FromUnixTimeSeconds(token.Expires):u}; "
                + "make a new one with mainstay token on a member");
        var skew = request.Time - now;
        if (skew.Duration() > MostSkew)
            throw new AgentException(
                $"the clocks differ by {skew.TotalSeconds:0} s (here {now:u}, there {request.Time:u}); set both by NTP and join again");

        using var authority = Authority.Load(layout.AuthorityCertificate, layout.AuthorityKey);
        var certificate = Sign(authority, request, now);
        var number = await records.Admit(
            request.Host, request.MachineId, request.Addresses, request.Witness, cancel).ConfigureAwait(false);
        return new AdmitReply
        {
            Cluster = file.Cluster,
            ClusterId = file.ClusterId,
            Number = number,
            Certificate = certificate,
            AuthorityCertificate = authority.CertificatePem,
            AuthorityKey = authority.KeyPem,
            ClusterKey = (await File.ReadAllTextAsync(layout.ClusterKey, cancel).ConfigureAwait(false)).Trim(),
            StoreEndpoints = [.. endpoints().Select(e => e.ToString())],
        };
    }

    /// <summary>Until cancelled, removes tokens that have expired, while this host leads.</summary>
    public async Task Tidy(Func<bool> leads, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(TidyEvery, time, cancel).ConfigureAwait(false);
            if (leads())
                await tokens.Tidy(time.GetUtcNow(), cancel).ConfigureAwait(false);
        }
    }

    private static string Sign(Authority authority, AdmitRequest request, DateTimeOffset now)
    {
        try
        {
            return authority.Sign(request.CertificateRequest, request.Host, request.Addresses, now);
        }
        catch (CryptographicException e)
        {
            throw new AgentException($"the certificate request is damaged: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new AgentException($"the certificate request is damaged: {e.Message}", e);
        }
    }

    private static void Check(AdmitRequest request)
    {
        if (Names.Fault(request.Host) is { } fault)
            throw new AgentException($"host name '{request.Host}' {fault}");
        if (request.MachineId.Length is < 8 or > 64 || !request.MachineId.All(char.IsAsciiLetterOrDigit))
            throw new AgentException($"machine id '{request.MachineId}' is malformed; see /etc/machine-id there");
        if (request.Addresses.Count is 0 or > MostAddresses)
            throw new AgentException($"{request.Addresses.Count} addresses were given; name 1 to {MostAddresses}");
        if (request.Addresses.FirstOrDefault(a => !System.Net.IPAddress.TryParse(a, out _)) is { } wrong)
            throw new AgentException($"address '{wrong}' is no IP address");
    }
}
