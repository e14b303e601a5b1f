namespace Mainstay.Simulator.Language;

/// <summary>Reads a scenario file: prose up to <c>hosts:</c>, then start state, then steps. What it does not know is an error.</summary>
internal static class ScenarioParser
{
    private const int MaxLength = 1 << 20;
    private const int MaxSteps = 20_000;

    public static Scenario Parse(string text, string file)
    {
        if (text.Length > MaxLength)
            throw new ScenarioException(1, "the file is longer than 1 MiB: split it");
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith("hosts:", StringComparison.Ordinal));
        if (first < 0)
            throw new ScenarioException(lines.Length, "no line begins with 'hosts:': write one such as 'hosts: n1 n2 n3' after the prose");
        var start = new StartParser();
        var steps = new List<Step>();
        var parser = new StepParser(start.Names);
        for (var i = first; i < lines.Length; i++)
        {
            var words = Tokens.Split(lines[i], i + 1);
            if (words.Count == 0)
                continue;
            if (StartParser.IsHeading(words[0]))
            {
                if (steps.Count > 0)
                    throw new ScenarioException(i + 1, $"'{words[0]}' belongs to the start state: write it before the first step");
                start.Take(words, i + 1);
                continue;
            }

            start.Check(i + 1);
            steps.Add(parser.Parse(words, lines[i].Trim(), i + 1));
            if (steps.Count > MaxSteps)
                throw new ScenarioException(i + 1, $"more than {MaxSteps} steps: split the scenario");
        }

        start.Check(lines.Length);
        return new Scenario(file, string.Join('\n', lines[..first]).Trim(), start.Build(), steps);
    }
}
