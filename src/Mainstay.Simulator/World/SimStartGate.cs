using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Simulator.World;

/// <summary>A start token as the beacon holds it.</summary>
internal sealed record StartToken(GroupId Group, string Uuid, Epoch Epoch, SessionId Session, IsolationPolicy OnIsolation);

/// <summary>What the libvirt hook is told when it asks about a start.</summary>
internal sealed record HookAnswer(bool Allowed, StartToken? Token, string Why);

/// <summary>The start tokens of a virtual beacon, and what it answers the hook (S4).</summary>
internal sealed class SimStartGate
{
    private readonly SortedDictionary<string, StartToken> tokens = new(StringComparer.Ordinal);
    private BeaconSetup? setup;

    public void SetUp(BeaconSetup news)
    {
        setup = news;
        foreach (var other in tokens.Values.Where(token => token.Session != news.Session).ToArray())
            tokens.Remove(other.Uuid);
    }

    /// <summary>False, and nothing is armed, when it may not be.</summary>
    public bool Arm(StartToken token, bool allowed)
    {
        if (allowed)
            tokens[token.Uuid] = token;
        return allowed;
    }

    /// <summary>Always true: it holds none any more.</summary>
    public bool Revoke(string uuid)
    {
        tokens.Remove(uuid);
        return true;
    }

    public StartToken? TokenOf(string uuid) => tokens.GetValueOrDefault(uuid);

    public void Forget()
    {
        setup = null;
        tokens.Clear();
    }

    /// <summary>A beacon that was not set up yet cannot know what is protected.</summary>
    public HookAnswer Answer(string uuid, LeaseHolder lease, Instant now, ProtocolGuards guards)
    {
        if (setup is null)
            return new HookAnswer(false, null, "the beacon was not set up since the host booted");
        var token = TokenOf(uuid);
        if (token is null)
        {
            return guards.HookChecksToken && setup.Protected.Any(guest => guest.Uuid == uuid)
                ? new HookAnswer(false, null, "protected by the cluster, and this host holds no start token for it")
                : new HookAnswer(true, null, "not protected");
        }

        if (guards.HookChecksSession && (setup.Session is not { } session || token.Session != session))
            return new HookAnswer(false, null, "the start token is of another session");
        return lease.MayStart(now)
            ? new HookAnswer(true, token, $"token of epoch {token.Epoch}")
            : new HookAnswer(false, null, $"the keeper lease of this host is {lease.StateAt(now).ToString().ToLowerInvariant()}");
    }

    /// <summary>The lease answers for it: it is protected or has a token, and does not run on in isolation.</summary>
    public bool IsGuarded(string uuid) => TokenOf(uuid) is { } token
        ? token.OnIsolation != IsolationPolicy.Keep
        : setup is not null && setup.Protected.Any(guest => guest.Uuid == uuid);

    /// <summary>It is to shut down in order rather than to be paused.</summary>
    public bool ShutsDown(string uuid) => TokenOf(uuid) is { OnIsolation: IsolationPolicy.Shutdown };

    public void DropGuarded()
    {
        foreach (var token in tokens.Values.Where(token => token.OnIsolation != IsolationPolicy.Keep).ToArray())
            tokens.Remove(token.Uuid);
    }
}
