using System.Net;
using Mainstay.Agent.Configuration;
using Mainstay.Agent.Pki;
using Mainstay.Contracts;
using Mainstay.Contracts.Stored;
using Mainstay.Store.Etcd;

namespace Mainstay.Agent.Member;

/// <summary>Builds what founding, joining and running have in common from the files of a member.</summary>
internal static class MemberParts
{
    /// <summary>In front of the cluster's keys in etcd: two clusters never share keys.</summary>
    public static string Prefix(string clusterId) => $"/mainstay/{clusterId}/";

    public static EtcdMember StoreMember(AgentFile file, FileLayout layout) => new(new EtcdMemberOptions
    {
        Name = file.Host,
        ClusterId = file.ClusterId,
        Addresses = [.. file.Addresses.Select(IPAddress.Parse)],
        DataDirectory = layout.StoreData,
        RunDirectory = layout.Runtime,
        Tls = new EtcdTlsFiles(layout.AuthorityCertificate, layout.HostCertificate, layout.HostKey),
        Executable = file.EtcdProgram,
    });

    public static EtcdTls StoreTls(FileLayout layout) =>
        EtcdTls.FromPem(layout.AuthorityCertificate, layout.HostCertificate, layout.HostKey);

    /// <summary>An <see cref="AgentException"/> names the file that is missing, damaged or of another cluster.</summary>
    public static ClusterTrust Trust(FileLayout layout)
    {
        Identity.Check(layout);
        return ClusterTrust.Load(layout.AuthorityCertificate, layout.HostCertificate, layout.HostKey);
    }

    public static EtcdStore Store(AgentFile file, EtcdTls tls, IReadOnlyList<Uri> endpoints) => new(new EtcdStoreOptions
    {
        Endpoints = endpoints,
        Prefix = Prefix(file.ClusterId),
        Tls = tls,
    });

    public static StoreCodec Codec(FileLayout layout) => new(new SecretSeal(ClusterKey(layout)));

    private static byte[] ClusterKey(FileLayout layout)
    {
        try
        {
            return Convert.FromBase64String(Identity.Read(layout.ClusterKey).Trim()) is { Length: 32 } key
                ? key
                : throw new AgentException($"{layout.ClusterKey} has not 32 bytes; copy it from another member");
        }
        catch (FormatException e)
        {
            throw new AgentException($"{layout.ClusterKey} is damaged; copy it from another member", e);
        }
    }
}
