using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>Permission to start one guest on this host in one session (S4).</summary>
public sealed record StartToken(GroupId Group, string Uuid, Epoch Epoch, SessionId Session, IsolationPolicy OnIsolation);
