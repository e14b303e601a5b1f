using System.Runtime.CompilerServices;
using Mainstay.Core.Model;

namespace Mainstay.Core.Membership;

/// <summary>What the table remembers of one peer. Times are ticks of the host's monotonic clock.</summary>
internal struct PeerRecord
{
    public const int EarlierKept = 8;

    /// <summary>Since when it has been silent, less the time this beacon was itself stalled.</summary>
    public long SilentSince;

    /// <summary>Zero until it is heard.</summary>
    public ulong Session;

    public ulong Sequence;

    /// <summary>When its kernel last refused a beacon of ours.</summary>
    public long RefusedAt;

    /// <summary>The session that has crashed, as its host's crash kernel says; zero when none, or when the host was heard since.</summary>
    public ulong Crashed;

    public bool AgentAlive;

    /// <summary>The silence is longer than the limit and was reported as such.</summary>
    public bool Silent;

    /// <summary>It refused lately and nothing was heard from it since.</summary>
    public bool Answers;

    public int EarlierNext;

    public EarlierSessions Earlier;

    public ushort Number;

    public int OpinionCount;

    public HostId Host;

    /// <summary>The session that was heard last; null when none was.</summary>
    public readonly SessionId? Heard => Session == 0 ? null : new SessionId(Session);

    /// <summary>The session that has crashed; null when none has.</summary>
    public readonly SessionId? Crash => Crashed == 0 ? null : new SessionId(Crashed);

    /// <summary>It is heard, and there is nothing to tell of it.</summary>
    public readonly bool IsWell => Session != 0 && !Silent && !Answers && Crashed == 0 && AgentAlive;

    /// <summary>
    /// A refusal since the last beacon counts once a beacon is missing: one address of a living peer may be gone while another is heard. It
    /// counts however early it came, since the kernel may not repeat it for a second. True when it begins to count.
    /// </summary>
    public bool CountRefusal(long now, long missedOne)
    {
        var counts = RefusedAt > SilentSince && now - SilentSince >= missedOne && now - RefusedAt <= BeaconTable.RefusalLasts.Ticks;
        return counts && !Answers && (Answers = true);
    }

    /// <summary>Notes a crash; true when that is news. The session that was heard last is not replaced by an earlier one.</summary>
    public bool NoteCrash(ulong session)
    {
        if (Crashed == session || (Crashed != 0 && Crashed == Session))
            return false;
        Crashed = session;
        return true;
    }

    /// <summary>Puts the current session among the earlier ones and begins another. False when there is nothing new in it.</summary>
    public bool ChangeSession(ulong session, ulong sequence)
    {
        for (var i = 0; i < EarlierKept; i++)
        {
            if (Earlier[i].Session != session)
                continue;
            if (sequence <= Earlier[i].Sequence)
                return false;
            Earlier[i] = default;
        }

        if (Session != 0)
        {
            Earlier[EarlierNext] = new(Session, Sequence);
            EarlierNext = (EarlierNext + 1) % EarlierKept;
        }

        Session = session;
        return true;
    }

    /// <summary>A session that is over, and the newest beacon heard of it.</summary>
    public readonly record struct EarlierSession(ulong Session, ulong Sequence);

    /// <summary>The last few sessions of a peer: nothing recorded from them is believed again.</summary>
    [InlineArray(EarlierKept)]
    public struct EarlierSessions
    {
        private EarlierSession first;
    }
}
