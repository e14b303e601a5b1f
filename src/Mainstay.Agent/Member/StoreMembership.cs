using Mainstay.Store.Etcd;

namespace Mainstay.Agent.Member;

/// <summary>The store's members as last read; empty when they were not read yet.</summary>
internal sealed record StoreMembership(IReadOnlyList<EtcdMemberInfo> Members)
{
    public static readonly StoreMembership Unknown = new([]);

    /// <summary><c>voter</c>, <c>learner</c> or <c>client</c>.</summary>
    public string RoleOf(string host) => Members.FirstOrDefault(m => m.Name == host) switch
    {
        null => "client",
        { IsLearner: true } => "learner",
        _ => "voter",
    };

    /// <summary>The host whose loss alone takes the quorum away; null when none does, or nothing is known.</summary>
    public string? OnlyVoter => Members.Where(m => !m.IsLearner).ToArray() is [var only] ? only.Name : null;
}
