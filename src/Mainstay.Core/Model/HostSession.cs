namespace Mainstay.Core.Model;

/// <summary>A host and the life of it that is meant. Fencing, proofs and ownership always name both.</summary>
public readonly record struct HostSession(HostId Host, SessionId Session) : IComparable<HostSession>
{
    public int CompareTo(HostSession other) =>
        Host.CompareTo(other.Host) is var byHost and not 0 ? byHost : Session.CompareTo(other.Session);

    public override string ToString() => $"{Host}/{Session}";
}
