namespace Mainstay.Core.Model;

/// <summary>
/// One life of a host in the cluster: a new random number at every join, so a reboot is always a new session. Never zero.
/// </summary>
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
