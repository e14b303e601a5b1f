using Mainstay.Agent.Configuration;
using Mainstay.Agent.Member;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Joining;

/// <summary>mainstay join: makes this host a member of an existing cluster. What it wrote is removed when a step fails.</summary>
internal sealed class ClusterJoining(FileLayout layout, TimeProvider time, string version, Readiness readiness, ILogger log)
{
    public async Task<AgentFile> Run(JoinRequest request, CancellationToken cancel)
    {
        var token = JoinToken.Parse(request.Token);
        var host = request.Host ?? HostFacts.Name;
        if (Names.Fault(host) is { } fault)
            throw new AgentException($"host name '{host}' {fault}");
        if (time.GetUtcNow() is var now && now >= token.ExpiresAt)
            throw new AgentException(
                $"the token expired at {token.ExpiresAt:u} and it is {now:u} here; make a new one with mainstay token on a member, "
                + "or set this host's clock by NTP if it is wrong");
        var addresses = HostFacts.Addresses(request.Addresses);
        await readiness.Check(addresses, request.Witness, cancel).ConfigureAwait(false);
        var client = new JoinClient(request.Address, token);
        using var authority = await client.FetchAuthority(cancel).ConfigureAwait(false);
        var (key, signing) = Authority.NewHostKey(host);
        var admitted = await client.Admit(
            authority,
            new AdmitRequest
            {
                TokenId = token.Id,
                Secret = token.Secret,
                Host = host,
                MachineId = HostFacts.MachineId(layout.Root),
                Addresses = addresses,
                CertificateRequest = signing,
                Time = time.GetUtcNow(),
                Version = version,
                Witness = request.Witness,
            },
            cancel).ConfigureAwait(false);
        return Keep(host, addresses, request.Witness, key, admitted);
    }

    private AgentFile Keep(string host, IReadOnlyList<string> addresses, bool witness, string key, AdmitReply admitted)
    {
        var file = new AgentFile
        {
            Cluster = admitted.Cluster,
            ClusterId = admitted.ClusterId,
            Host = host,
            Number = admitted.Number,
            Addresses = addresses,
            Witness = witness,
        };
        var files = new PrivateFiles();
        try
        {
            files.Write(layout.AuthorityCertificate, admitted.AuthorityCertificate);
            files.Write(layout.AuthorityKey, admitted.AuthorityKey);
            files.Write(layout.HostKey, key);
            files.Write(layout.HostCertificate, admitted.Certificate);
            files.Write(layout.ClusterKey, admitted.ClusterKey);
            if (MemberParts.StoreMember(file, layout).WasSetUp)
                throw new AgentException($"{layout.StoreData} holds a store of an earlier membership; move it away first");
            StoreEndpoints.Save(layout, [.. admitted.StoreEndpoints.Select(e => new Uri(e))]);
            if (!witness)
                HookSetUp.Install(layout, log);
            files.Write(layout.AgentFile, file.ToBytes());
            return file;
        }
        catch (Exception e) when (e is AgentException or IOException or UnauthorizedAccessException or UriFormatException)
        {
            AgentLog.Undone(log, "join", e.Message);
            files.Undo();
            StoreEndpoints.Remove(layout);
            throw e is AgentException ? e : new AgentException($"join failed and was undone: {e.Message}", e);
        }
    }
}
