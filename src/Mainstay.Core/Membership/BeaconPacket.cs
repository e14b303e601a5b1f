using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mainstay.Core.Membership;

/// <summary>
/// One beacon, after authentication: who sends it, in which session, and whom the sender hears. The same packet goes to every peer on
/// every network, so two copies carry the same sequence.
/// </summary>
public struct BeaconPacket
{
    /// <summary>The most opinions one packet carries.</summary>
    public const int MaxOpinions = 64;

    /// <summary>Silence in an opinion counts in steps of this length.</summary>
    public static readonly TimeSpan SilenceStep = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest silence an opinion can state: 12.6 s or more.</summary>
    public const byte LongestSilence = 252;

    /// <summary>Silent, but its kernel refused a beacon lately: its beacon is dead, the host is not.</summary>
    public const byte KernelAnswers = 253;

    /// <summary>The sender has not heard that host since its own beacon started.</summary>
    public const byte NeverHeard = 255;

    private OpinionBlock opinions;
    private AcknowledgementBlock acknowledgements;
    private int acknowledged;

    /// <summary>The sender's number in the cluster.</summary>
    public ushort Host { get; set; }

    /// <summary>The sender's session; never zero.</summary>
    public ulong Session { get; set; }

    /// <summary>Rises with every beacon of a session, also across a restart of the beacon process.</summary>
    public ulong Sequence { get; set; }

    /// <summary>The sender's agent is connected to its beacon and showed progress in the last 10 s.</summary>
    public bool AgentAlive { get; set; }

    /// <summary>Sent by the crash kernel: this session has crashed. Then there are no opinions, and the sequence says nothing.</summary>
    public bool Crashed { get; set; }

    /// <summary>
    /// Milliseconds since the sender last fed its watchdog, while it is not fed so that its reset can be measured; else null.
    /// </summary>
    public uint? Unfed { get; set; }

    /// <summary>The sender's clock when it left, in ticks of its own count; null from a build that does not say.</summary>
    public long? Sent { get; set; }

    /// <summary>How many opinions follow.</summary>
    public int Count { readonly get; private set; }

    [UnscopedRef]
    public readonly ReadOnlySpan<BeaconOpinion> Opinions => ((ReadOnlySpan<BeaconOpinion>)opinions)[..Count];

    /// <summary>Forgets the opinions, so that the packet can be filled again.</summary>
    public void ClearOpinions() => Count = 0;

    /// <summary>What the sender, as a keeper, acknowledges.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<BeaconAcknowledgement> Acknowledgements =>
        ((ReadOnlySpan<BeaconAcknowledgement>)acknowledgements)[..acknowledged];

    public void ClearAcknowledgements() => acknowledged = 0;

    /// <summary>False when the packet is full.</summary>
    public bool Add(BeaconAcknowledgement acknowledgement)
    {
        if (acknowledged == MaxOpinions)
            return false;
        acknowledgements[acknowledged++] = acknowledgement;
        return true;
    }

    /// <summary>False when the packet is full.</summary>
    public bool Add(BeaconOpinion opinion)
    {
        if (Count == MaxOpinions)
            return false;
        opinions[Count++] = opinion;
        return true;
    }

    [InlineArray(MaxOpinions)]
    private struct OpinionBlock
    {
        private BeaconOpinion first;
    }

    [InlineArray(MaxOpinions)]
    private struct AcknowledgementBlock
    {
        private BeaconAcknowledgement first;
    }
}

/// <summary>A keeper acknowledges the newest beacon it heard of a host, by the low 32 bits of its sequence.</summary>
public readonly record struct BeaconAcknowledgement(ushort Host, uint Sequence);

/// <summary>How long the sender of a beacon has not heard <paramref name="Host"/>, in steps of 50 ms.</summary>
public readonly record struct BeaconOpinion(ushort Host, byte Silence);

/// <summary>What became of a received beacon.</summary>
public enum BeaconVerdict
{
    /// <summary>It is news: the sender is heard.</summary>
    Accepted,

    /// <summary>The copy of the newest beacon that came over another network.</summary>
    Copy,

    /// <summary>Older than what was heard of that session: late, repeated by the network, or replayed.</summary>
    Old,

    /// <summary>Of a session other than the one that is being heard right now, or of an earlier one without anything new.</summary>
    OtherSession,

    /// <summary>Nobody we were told about.</summary>
    Stranger,

    /// <summary>A crash kernel's word. Whose beacon goes on is not believed to have crashed.</summary>
    Crash,
}
