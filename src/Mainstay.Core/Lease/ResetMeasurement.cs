using System.Globalization;
using Mainstay.Core.Model;

namespace Mainstay.Core.Lease;

/// <summary>
/// Works out from what outlived a host how long its watchdog took to reset it. Pure. A word that was heard bounds the time from below; that
/// no further one came bounds it from above, when more than one witness says so (<c>docs/decisions/0021</c>).
/// </summary>
public static class ResetMeasurement
{
    /// <summary>Witnesses who heard the end agree within this.</summary>
    public static readonly TimeSpan Agreement = TimeSpan.FromMilliseconds(500);

    /// <summary>A watchdog that needs longer is of no use.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const int FewestWitnesses = 2;
    private const int FewestMarks = 5;
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(1);

    /// <param name="timeout">What the device was set to.</param>
    public static ResetVerdict Judge(TimeSpan timeout, ValueList<ResetWitness> witnesses)
    {
        var heard = witnesses.Where(w => w.Marks >= FewestMarks && w.Gap <= LongestGap)
            .OrderByDescending(w => w.Last).ThenBy(w => w.Name, StringComparer.Ordinal).ToArray();
        if (heard.Length < FewestWitnesses)
        {
            return new ResetVerdict.Unclear(heard.Length == 0
                ? "nobody heard how it ended"
                : $"only {heard[0].Name} heard how it ended; two witnesses are needed");
        }

        var last = heard[0].Last;
        var agreeing = heard.Where(w => last - w.Last <= Agreement).ToArray();
        if (agreeing.Length < FewestWitnesses)
        {
            return new ResetVerdict.Unclear(
                $"the witnesses do not agree: {heard[0].Name} heard it for {Text(last)}, {heard[1].Name} for {Text(heard[1].Last)}");
        }

        // S2: another mark would have come by then, had it run on; one may have been lost. Never less than what the device was set to:
        // something else may have ended the machine a moment before.
        var atMost = last + Longer(agreeing.Max(w => w.Gap), LeaseTerms.Step * 2);
        var reset = Longer(atMost, timeout);
        if (reset > Longest)
            return new ResetVerdict.Unclear($"it took {Text(reset)}, longer than {Text(Longest)}: set a shorter timeout");
        return last * 2 < timeout
            ? new ResetVerdict.Unclear($"it ended after {Text(last)}, long before the timeout of {Text(timeout)}: something else did it")
            : new ResetVerdict.Measured(last, reset, agreeing.Select(w => w.Name).Order(StringComparer.Ordinal).ToValueList());
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");
}

/// <summary>Something that outlived the host and knows for how long its watchdog had not been fed.</summary>
/// <param name="Last">By the last mark.</param>
/// <param name="Gap">The longest time between two marks.</param>
public sealed record ResetWitness(string Name, TimeSpan Last, int Marks, TimeSpan Gap);

/// <summary>What the witnesses say together.</summary>
public abstract record ResetVerdict
{
    private ResetVerdict()
    {
    }

    /// <param name="AtLeast">The machine still ran then.</param>
    /// <param name="Reset">It ran no longer; this is the figure.</param>
    public sealed record Measured(TimeSpan AtLeast, TimeSpan Reset, ValueList<string> By) : ResetVerdict;

    public sealed record Unclear(string Why) : ResetVerdict;
}
