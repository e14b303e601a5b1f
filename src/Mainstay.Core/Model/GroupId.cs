namespace Mainstay.Core.Model;

/// <summary>The name of a service group. A protected guest is a group of one resource and carries the guest's libvirt name.</summary>
public readonly record struct GroupId(string Name) : IComparable<GroupId>
{
    public int CompareTo(GroupId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}
