namespace Mainstay.Core.Model;

/// <summary>
/// Something a host is said to have or to be in. <c>rack=r1</c> puts it into one failure domain of the kind <c>rack</c>; a label without a
/// value, such as <c>gpu</c>, only marks it.
/// </summary>
/// <param name="Value">Empty for a mark.</param>
public readonly record struct HostLabel(string Key, string Value) : IComparable<HostLabel>
{
    /// <summary>A host has at most so many.</summary>
    public const int MostOfAHost = 32;

    /// <summary>In rules it stands for the host's name, so no label is called so.</summary>
    public const string NameKey = "host";

    private const int LongestPart = 63;

    public int CompareTo(HostLabel other) => string.CompareOrdinal(Key, other.Key) is var order and not 0
        ? order
        : string.CompareOrdinal(Value, other.Value);

    /// <summary>Letters, digits, and '-', '_' or '.' between them.</summary>
    public static bool IsWord(string text) =>
        text.Length is > 0 and <= LongestPart && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public override string ToString() => Value.Length == 0 ? Key : $"{Key}={Value}";
}
