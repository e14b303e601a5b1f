using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Beacon;

/// <summary>Which guests need a token to start on this host, and which tokens are armed (S4).</summary>
internal sealed class StartGate(LeaseHolder lease)
{
    private readonly Dictionary<string, ProtectedGuest> guests = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, StartToken> tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> coming = new(StringComparer.OrdinalIgnoreCase);
    private SessionId? session;
    private bool known;

    public IReadOnlyCollection<StartToken> Tokens => tokens.Values;

    /// <summary>Takes the new list, and drops the tokens of other sessions and of guests that were released.</summary>
    public void SetUp(BeaconSetup setup)
    {
        // S4: an agent that has not joined yet may not have read the list yet. Until it has, protection is only added.
        var released = setup.Session is null ? [] : guests.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (setup.Session is not null)
            guests.Clear();
        foreach (var guest in setup.Protected)
        {
            guests[guest.Uuid] = guest;
            released.Remove(guest.Uuid);
        }

        session = setup.Session;
        known = true;
        foreach (var token in tokens.Values.ToArray())
        {
            if (token.Session != session || released.Contains(token.Uuid))
                tokens.Remove(token.Uuid);
        }
    }

    /// <summary>Null when the token is armed, else why not.</summary>
    public string? Arm(StartToken token)
    {
        if (session is null || token.Session != session)
            return $"the token is for session {token.Session}, this beacon serves {session?.ToString() ?? "none"}";
        if (tokens.Count >= AgentFrame.MaxTokens && !tokens.ContainsKey(token.Uuid))
            return $"{AgentFrame.MaxTokens} tokens are armed already";
        tokens[token.Uuid] = token;
        return null;
    }

    public void Revoke(string uuid) => tokens.Remove(uuid);

    /// <summary>
    /// The answer to the hook. A guest that was let pass is coming until its process is seen or libvirt has given it up. S4: a definition
    /// with
    /// the name of a protected guest and another UUID, as one without a UUID gets it, is most likely that guest, and never has a token.
    /// </summary>
    /// <param name="name">As libvirt knows it; empty when the hook did not say.</param>
    public string Answer(string uuid, string name, Instant now)
    {
        if (!guests.TryGetValue(uuid, out var guest))
        {
            return guests.Values.FirstOrDefault(other => other.Group.Name == name) is { } namesake
                ? HookProtocol.Refuse + HookProtocol.Refusal(namesake.Group.Name, namesake.Standing)
                : known ? HookProtocol.Pass : HookProtocol.Unset;
        }

        if (session is not { } live || !tokens.TryGetValue(uuid, out var token) || token.Session != live)
            return HookProtocol.Refuse + HookProtocol.Refusal(guest.Group.Name, guest.Standing);
        if (!lease.MayStart(now))
        {
            return HookProtocol.Refuse + $"{guest.Group} cannot start now: the keeper lease of this host is "
                + $"{lease.StateAt(now).ToString().ToLowerInvariant()} (no majority of keepers hears it)";
        }

        coming.Add(uuid);
        return HookProtocol.Ok;
    }

    /// <summary>libvirt has given up the start, or the guest has ended.</summary>
    public void GivenUp(string uuid) => coming.Remove(uuid);

    /// <summary>Its process was seen.</summary>
    public void HasCome(ReadOnlySpan<char> uuid)
    {
        if (coming.Count > 0)
            coming.GetAlternateLookup<ReadOnlySpan<char>>().Remove(uuid);
    }

    /// <summary>A start was let pass and its process has not been seen yet.</summary>
    public bool AnyGuardedComing()
    {
        foreach (var uuid in coming)
        {
            if (IsGuarded(uuid))
                return true;
        }

        return false;
    }

    /// <summary>The lease answers for it: it is protected, and does not run on in isolation.</summary>
    public bool IsGuarded(ReadOnlySpan<char> uuid) =>
        tokens.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(uuid, out var token)
            ? token.OnIsolation != IsolationPolicy.Keep
            : guests.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(uuid);

    /// <summary>It is to shut down in order rather than to be paused.</summary>
    public bool ShutsDown(ReadOnlySpan<char> uuid) =>
        tokens.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(uuid, out var token) && token.OnIsolation == IsolationPolicy.Shutdown;

    /// <summary>Takes the tokens of all guests that the lease guards. False when there were none.</summary>
    public bool DropGuarded()
    {
        var any = false;
        foreach (var token in tokens.Values)
            any |= token.OnIsolation != IsolationPolicy.Keep;
        if (!any)
            return false;
        foreach (var token in tokens.Values.Where(token => token.OnIsolation != IsolationPolicy.Keep).ToArray())
            tokens.Remove(token.Uuid);
        return true;
    }

    /// <summary>All protected guests in force, so that they can be saved with the rest.</summary>
    public ValueList<ProtectedGuest> Guests() => guests.Values.OrderBy(guest => guest.Uuid, StringComparer.Ordinal).ToValueList();
}
