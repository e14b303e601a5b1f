namespace Mainstay.Cli.Commands;

/// <summary>Lists on the command line, with commas.</summary>
internal static class LabelWords
{
    public static IReadOnlyList<string> List(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>host=n1,n2</c> as <c>host=n1</c> and <c>host=n2</c>: a part without a key has that of the one before.</summary>
    public static IEnumerable<string> Hosts(string text)
    {
        var key = "";
        foreach (var part in List(text))
        {
            var split = part.IndexOf('=', StringComparison.Ordinal);
            key = split >= 0 ? part[..(split + 1)] : key;
            yield return split >= 0 ? part : key + part;
        }
    }
}
