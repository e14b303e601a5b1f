using Mainstay.Core.Model;

namespace Mainstay.Fencing;

/// <summary>One parameter of a fence agent as its metadata describes it.</summary>
/// <param name="Type"><c>string</c>, <c>boolean</c>, <c>integer</c>, <c>second</c> or <c>select</c>.</param>
/// <param name="Obsoletes">The deprecated name this one replaces; null when none.</param>
/// <param name="Choices">The allowed values of a <c>select</c>.</param>
internal sealed record AgentParameter(
    string Name, string Type, bool Required, string? Default, string? Obsoletes, bool Deprecated, ValueList<string> Choices, string Text)
{
    private static readonly string[] SecretWords =
        ["passw", "passphrase", "secret", "token", "community", "identity_file", "private", "_key", "hexadecimal_kg"];

    /// <summary>Its value must never be shown: passwords, keys and files that hold keys. Rather one too many.</summary>
    public bool Secret =>
        Type == "string"
        && (SecretWords.Any(w => Name.Contains(w, StringComparison.OrdinalIgnoreCase))
            || Text.Contains("password", StringComparison.OrdinalIgnoreCase));
}
