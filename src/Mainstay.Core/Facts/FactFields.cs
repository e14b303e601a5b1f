using Mainstay.Core.Model;

namespace Mainstay.Core.Facts;

/// <summary>Fields that many facts have, by their stable names.</summary>
internal static class FactFields
{
    public static FactField F(string name, string value) => new(name, value);

    public static ValueList<FactField> At(HostId? host, string name = "host") => host is { } known ? [F(name, known.Name)] : [];

    public static ValueList<FactField> Of(HostSession host, params ReadOnlySpan<FactField> more) =>
        [F("host", host.Host.Name), F("session", host.Session.ToString()), .. more];

    public static ValueList<FactField> Of(GroupId group, params ReadOnlySpan<FactField> more) => [F("group", group.Name), .. more];
}
