using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;

namespace Mainstay.Agent.Api;

/// <summary>Writes down what decisions stand on, as this agent knows it.</summary>
internal static class SnapshotBuilder
{
    public static SnapshotReply Build(ClusterMember member, string version)
    {
        var (sight, now) = (member.Shell.Sight, member.Shell.Now);
        return new SnapshotReply
        {
            Cluster = sight.View.Settings?.Value.Name ?? member.File.Cluster,
            Taken = member.Time.GetUtcNow(),
            AnsweredBy = member.Self.Name,
            Version = version,
            Unfit = sight.View.Hosts.Keys
                .Where(host => host != member.Self && sight.Hearing.IsSilent(host, sight.View.Timing.SuspectAfter, now))
                .ToDictionary(host => host.Name, _ => "it is silent", StringComparer.Ordinal),
            Entries = SnapshotText.Write(sight.View),
        };
    }
}
