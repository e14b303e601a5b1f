namespace Mainstay.Agent.Configuration;

/// <summary>What a host or cluster may be called: the name stands in keys, certificates, file names and output.</summary>
internal static class Names
{
    private const int Longest = 63;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Fault(string name)
    {
        if (name.Length is 0 or > Longest)
            return $"has {name.Length} characters; use 1 to {Longest}";
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && char.IsAsciiLetterOrDigit(name[0])
            ? null
            : "has characters other than letters, digits, '-', '_' and '.', or does not begin with a letter or digit";
    }
}
