namespace Mainstay.Simulator.Language;

/// <summary>How far the patterns fitted that did not fit: the furthest ones say what was expected.</summary>
internal sealed class Misses
{
    private readonly List<string> expected = [];
    private int furthest = -1;

    public void Add(int reached, string what)
    {
        if (reached > furthest)
            expected.Clear();
        if (reached >= furthest && !expected.Contains(what))
            expected.Add(what);
        furthest = Math.Max(furthest, reached);
    }

    public ScenarioException Error(string kind, IReadOnlyList<string> words, int line)
    {
        var choice = expected.Count <= 12 ? string.Join(" or ", expected) : string.Join(", ", expected);
        if (furthest == 0 && words.Count > 0)
            return new ScenarioException(line, $"unknown {kind} '{words[0]}': it begins with {choice}");
        var before = string.Join(' ', words.Take(furthest));
        return furthest >= words.Count
            ? new ScenarioException(line, $"the {kind} ends after '{before}': write {choice} after it")
            : new ScenarioException(line, $"'{words[furthest]}' after '{before}' is not right: write {choice}");
    }
}
