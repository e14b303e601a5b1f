namespace Mainstay.Core.Model;

/// <summary>The name of a host in the cluster: its short host name, unique, ordinal order.</summary>
public readonly record struct HostId(string Name) : IComparable<HostId>
{
    public int CompareTo(HostId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}

/// <summary>The name of a service group. A protected guest is a group of one resource and carries the guest's libvirt name.</summary>
public readonly record struct GroupId(string Name) : IComparable<GroupId>
{
    public int CompareTo(GroupId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;
}

/// <summary>One life of a host in the cluster: a new random number at every join, so a reboot is always a new session. Never zero.</summary>
public readonly record struct SessionId(ulong Number) : IComparable<SessionId>
{
    public int CompareTo(SessionId other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    public static bool TryParse(string text, out SessionId session)
    {
        var ok = ulong.TryParse(text, System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture, out var number) && number != 0;
        session = new SessionId(number);
        return ok;
    }
}

/// <summary>A host and the life of it that is meant. Fencing, proofs and ownership always name both.</summary>
public readonly record struct HostSession(HostId Host, SessionId Session) : IComparable<HostSession>
{
    public int CompareTo(HostSession other) =>
        Host.CompareTo(other.Host) is var byHost and not 0 ? byHost : Session.CompareTo(other.Session);

    public override string ToString() => $"{Host}/{Session}";
}

/// <summary>Numbers the owners of a group; only rises (S3).</summary>
public readonly record struct Epoch(long Number) : IComparable<Epoch>
{
    public Epoch Next => new(Number + 1);

    public int CompareTo(Epoch other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Ties an effect to the input that reports its outcome. Unique within one run of an agent.</summary>
public readonly record struct OperationId(long Number) : IComparable<OperationId>
{
    public int CompareTo(OperationId other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A boot of a host's kernel, as /proc/sys/kernel/random/boot_id gives it.</summary>
public readonly record struct BootId(string Text)
{
    public override string ToString() => Text;
}
