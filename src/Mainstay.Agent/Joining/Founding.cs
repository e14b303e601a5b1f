using System.Security.Cryptography;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Member;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Joining;

/// <summary>mainstay init: makes a cluster with this host as its first member. Everything is undone when a step fails.</summary>
internal sealed class Founding(FileLayout layout, TimeProvider time, Readiness readiness, ILogger log)
{
    private const int FirstNumber = 1;

    public async Task<AgentFile> Run(InitRequest request, CancellationToken cancel)
    {
        var file = Plan(request);
        await readiness.Check(file.Addresses, witness: false, cancel).ConfigureAwait(false);
        var files = new PrivateFiles();
        EtcdMember? member = null;
        var begun = false;
        try
        {
            WriteIdentity(file, files);
            member = MemberParts.StoreMember(file, layout);
            if (member.WasSetUp)
                throw new AgentException($"{layout.StoreData} holds a store of an earlier cluster; move it away first");
            begun = true;
            await Begin(file, member, cancel).ConfigureAwait(false);
            HookSetUp.Install(layout, log);
            files.Write(layout.AgentFile, file.ToBytes());
            return file;
        }
        catch (Exception e) when (e is AgentException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            AgentLog.Undone(log, "init", e.Message);
            if (member is not null && begun)
                await member.Discard(CancellationToken.None).ConfigureAwait(false);
            files.Undo();
            StoreEndpoints.Remove(layout);
            throw e is AgentException ? e : new AgentException($"init failed and was undone: {e.Message}", e);
        }
    }

    private static AgentFile Plan(InitRequest request)
    {
        var host = request.Host ?? HostFacts.Name;
        if (Names.Fault(host) is { } fault)
            throw new AgentException($"host name '{host}' {fault}");
        if (Names.Fault(request.Cluster) is { } wrong)
            throw new AgentException($"cluster name '{request.Cluster}' {wrong}");
        return new AgentFile
        {
            Cluster = request.Cluster,
            ClusterId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            Host = host,
            Number = FirstNumber,
            Addresses = HostFacts.Addresses(request.Addresses),
        };
    }

    private void WriteIdentity(AgentFile file, PrivateFiles files)
    {
        using var authority = Authority.Create(file.Cluster, time.GetUtcNow());
        var (key, signing) = Authority.NewHostKey(file.Host);
        files.Write(layout.AuthorityCertificate, authority.CertificatePem);
        files.Write(layout.AuthorityKey, authority.KeyPem);
        files.Write(layout.HostKey, key);
        files.Write(layout.HostCertificate, authority.Sign(signing, file.Host, file.Addresses, time.GetUtcNow()));
        files.Write(layout.ClusterKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    private async Task Begin(AgentFile file, EtcdMember member, CancellationToken cancel)
    {
        switch (await member.StartNew(cancel).ConfigureAwait(false))
        {
            case EtcdOutcome.Refused refused:
                throw new AgentException($"the store cannot be started: {refused.Why}");
            case EtcdOutcome.Unknown unknown:
                throw new AgentException($"the store did not come up: {unknown.Why}");
        }

        using var tls = MemberParts.StoreTls(layout);
        Uri[] endpoints = [.. file.Addresses.Select(a => new UriBuilder("https", a, 7782).Uri)];
        StoreEndpoints.Save(layout, endpoints);
        await using var store = MemberParts.Store(file, tls, endpoints);
        var records = new MemberRecords(store, MemberParts.Codec(layout));
        var settings = new ClusterSettings(file.Cluster, file.ClusterId, 1, TimingProfile.Balanced, Armed: true, DisarmReason: "");
        switch (await records.Found(settings, file, HostFacts.MachineId(layout.Root), cancel).ConfigureAwait(false))
        {
            case RawOutcome.Conflict:
                throw new AgentException("the store already holds a cluster; this host cannot found a second one in it");
            case RawOutcome.Unknown unknown:
                throw new AgentException($"the store did not take the first facts: {unknown.Why}");
        }
    }
}
