namespace Mainstay.Simulator.Fuzz;

/// <summary>Makes a failing scenario shorter: leaves out steps as long as the same rule still breaks.</summary>
internal sealed class Shrinker
{
    private static readonly string[] HealingWords =
        ["run ", "arm", "maintenance ", "quarantine ", "protect ", "start ", "add ", "fence ", "storage ", "expect "];

    private readonly string rule;
    private readonly ScenarioOptions options;
    private readonly CancellationToken cancel;
    private int tries;

    private Shrinker(string rule, ScenarioOptions options, int tries, CancellationToken cancel) =>
        (this.rule, this.options, this.tries, this.cancel) = (rule, options, tries, cancel);

    /// <param name="tries">Limit on the runs it may take.</param>
    public static string Shrink(string text, string rule, ScenarioOptions options, int tries, CancellationToken cancel)
    {
        var shrinker = new Shrinker(rule, options, tries, cancel);
        var lines = shrinker.DropEnd(text.Split('\n').ToList());
        lines = shrinker.Drop(lines, static (all, i) => IsFault(all[i]));
        lines = shrinker.Drop(lines, static (all, i) => IsHealing(all[i]) && i < all.FindLastIndex(IsFault));
        lines = shrinker.Drop(lines, static (all, i) => all[i].StartsWith("guests: ", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }

    /// <summary>What comes after the phase that fails has no part in it: the fewest phases that fail are found by halving.</summary>
    private List<string> DropEnd(List<string> lines)
    {
        var ends = Enumerable.Range(0, lines.Count).Where(i => IsPhaseEnd(lines[i])).ToList();
        var (low, high) = (0, ends.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Breaks(lines.GetRange(0, ends[middle] + 1)))
                high = middle;
            else
                low = middle + 1;
        }

        return high >= 0 ? lines.GetRange(0, ends[high] + 1) : lines;
    }

    /// <summary>Leaves out as many of these lines as it can, in ever smaller pieces.</summary>
    private List<string> Drop(List<string> lines, Func<List<string>, int, bool> candidate)
    {
        for (var size = Math.Max(1, Places(lines, candidate).Count / 2); size >= 1 && tries > 0; size /= 2)
        {
            for (var at = 0; tries > 0;)
            {
                var places = Places(lines, candidate).Skip(at).Take(size).ToList();
                if (places.Count == 0)
                    break;
                var shorter = lines.Where((_, i) => !places.Contains(i)).ToList();
                if (Breaks(shorter))
                    lines = shorter;
                else
                    at += size;
            }
        }

        return lines;
    }

    private static List<int> Places(List<string> lines, Func<List<string>, int, bool> candidate) =>
        Enumerable.Range(0, lines.Count).Where(i => candidate(lines, i)).ToList();

    private bool Breaks(List<string> lines)
    {
        if (cancel.IsCancellationRequested)
            tries = 0;
        if (tries <= 0)
            return false;
        tries--;
        return Fuzzer.FirstRule(ScenarioRunner.Run(string.Join('\n', lines), "shrunk", options)) == rule;
    }

    private static bool IsPhaseEnd(string line) => line == "expect converged";

    private static bool IsFault(string line) =>
        line.StartsWith("at ", StringComparison.Ordinal) && !line.EndsWith(": heal everything", StringComparison.Ordinal)
        && !line.EndsWith(": arm", StringComparison.Ordinal);

    /// <summary>What stands between two phases of faults.</summary>
    private static bool IsHealing(string line) =>
        line.EndsWith(": heal everything", StringComparison.Ordinal)
        || Array.Exists(HealingWords, word => line.StartsWith(word, StringComparison.Ordinal));
}
