namespace Mainstay.Simulator.Fuzz;

/// <summary>Makes a failing scenario shorter: leaves out steps as long as the same rule still breaks.</summary>
internal static class Shrinker
{
    /// <param name="tries">Limit on the runs it may take.</param>
    public static string Shrink(string text, string rule, ScenarioOptions options, int tries)
    {
        var lines = text.Split('\n').ToList();
        for (var size = Math.Max(1, lines.Count / 2); size >= 1 && tries > 0; size /= 2)
        {
            for (var at = 0; at < lines.Count && tries > 0;)
            {
                var count = Math.Min(size, lines.Count - at);
                if (!lines.GetRange(at, count).TrueForAll(IsFault))
                {
                    at++;
                    continue;
                }

                var shorter = lines.Take(at).Concat(lines.Skip(at + count)).ToList();
                tries--;
                if (Breaks(string.Join('\n', shorter), rule, options))
                    lines = shorter;
                else
                    at += count;
            }
        }

        return string.Join('\n', lines);
    }

    private static bool IsFault(string line) =>
        line.StartsWith("at ", StringComparison.Ordinal) && !line.EndsWith(": heal everything", StringComparison.Ordinal)
        && !line.EndsWith(": arm", StringComparison.Ordinal);

    private static bool Breaks(string text, string rule, ScenarioOptions options)
    {
        var result = ScenarioRunner.Run(text, "shrunk", options);
        return Fuzzer.FirstRule(result) == rule;
    }
}
