namespace Mainstay.Cli.Commands;

/// <summary>The <c>--option name=value</c> of agents, with secrets from files and standard input.</summary>
internal static class OptionValues
{
    private static readonly string[] SecretWords = ["passwd", "password", "pass", "secret", "token"];

    public static (SortedDictionary<string, string> Values, string? Wrong) Read(Call call, string[] typed)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in typed)
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0)
                return (values, $"--option {(parts.Length < 2 ? text : "=…")}: write name=value, such as ip=10.0.9.1.");
            if (values.ContainsKey(parts[0]))
                return (values, $"--option {parts[0]} is given twice: give it once.");
            if (parts[1].Length > 0 && parts[1][0] is not '@' && parts[1] != "-" && IsSecret(parts[0]))
            {
                call.Progress($"Note: the value of {parts[0]} stands on the command line, where other users of this host can see it. "
                    + $"{parts[0]}=@FILE and {parts[0]}=- avoid that.");
            }

            switch (SecretText.From(call.Terminal, parts[0], parts[1]))
            {
                case SecretText.Read read:
                    values.Add(parts[0], read.Value);
                    break;
                case SecretText.Unreadable unreadable:
                    return (values, $"--option {unreadable.Why}");
            }
        }

        return (values, null);
    }

    private static bool IsSecret(string option) => option.Split('_', '-') is var words && words.Intersect(SecretWords).Any()
        && !words.Contains("script");
}
