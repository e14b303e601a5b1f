using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>One peer as the table knows it now, without allocation: what the real beacon writes into its report.</summary>
public readonly ref struct PeerView(
    HostId host, ushort number, ulong session, TimeSpan silence, bool hostAnswers, bool agentAlive, ReadOnlySpan<BeaconOpinion> opinions)
{
    public HostId Host { get; } = host;

    public ushort Number { get; } = number;

    /// <summary>Zero when it was never heard.</summary>
    public ulong Session { get; } = session;

    public TimeSpan Silence { get; } = silence;

    public bool HostAnswers { get; } = hostAnswers;

    public bool AgentAlive { get; } = agentAlive;

    /// <summary>The session that has crashed; zero when none.</summary>
    public ulong Crashed { get; init; }

    /// <summary>What its last beacon said, unfiltered.</summary>
    public ReadOnlySpan<BeaconOpinion> Opinions { get; } = opinions;
}
