namespace Mainstay.Core.Model;

/// <summary>The name of a host in the cluster: its short host name, unique, ordinal order.</summary>
public readonly record struct HostId(string Name) : IComparable<HostId>
{
    public int CompareTo(HostId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}
