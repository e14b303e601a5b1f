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

    /// <summary>Why the store would have no majority of its voters without a host, as things stand; null when it would have one.</summary>
    /// <param name="isUp">Whether a host is there now.</param>
    public string? FaultWithout(string host, Func<string, bool> isUp)
    {
        var voters = Members.Where(m => !m.IsLearner).Select(m => m.Name).ToArray();
        var left = voters.Count(name => name != host && isUp(name));
        if (left * 2 > voters.Length || !voters.Contains(host))
            return null;
        var down = voters.Where(name => !isUp(name)).ToArray();
        return voters.Length == 1
            ? $"the store's only voter is on {host}; with three hosts, or two and a witness, there are three"
            : $"without {host} the store would have no quorum: {left} of {voters.Length} voters would be left"
                + (down.Length > 0 ? $" ({string.Join(", ", down)} {(down.Length == 1 ? "is" : "are")} not there)" : "");
    }

    /// <summary>The hosts whose votes are missing now; the store does not survive the loss of many more.</summary>
    public IReadOnlyList<string> Missing(Func<string, bool> isUp) =>
        [.. Members.Where(m => !m.IsLearner && !isUp(m.Name)).Select(m => m.Name)];

    /// <summary>The host whose loss alone takes the quorum away; null when none does, or nothing is known.</summary>
    public string? OnlyVoter => Members.Where(m => !m.IsLearner).ToArray() is [var only] ? only.Name : null;
}
