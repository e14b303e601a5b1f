using System.Globalization;
using System.Text;

namespace Mainstay.Simulator.Fuzz;

/// <summary>
/// Writes the life of one cluster: hours of phases of faults, each healed and checked for convergence, with calm between them. What one
/// phase leaves behind (old sessions, epochs, records, moved guests) is there in the next.
/// </summary>
internal static class SoakPlan
{
    /// <summary>Weighted to three hosts, as most clusters are.</summary>
    private static readonly int[] HostCounts = [2, 2, 3, 3, 3, 3, 3, 4, 5, 5, 6, 7];

    public static string Write(ulong seed, TimeSpan life)
    {
        var plan = new FuzzPlan(seed);
        var text = new StringBuilder();
        plan.WriteStart(text, seed, HostCounts[plan.Chance.Below(HostCounts.Length)]);
        var at = 0.0;
        do
        {
            at = WritePhase(plan, text, at);
        }
        while (at < life.TotalSeconds);
        return text.ToString();
    }

    /// <summary>When the next phase may begin.</summary>
    private static double WritePhase(FuzzPlan plan, StringBuilder text, double begin)
    {
        var length = Math.Round(plan.Chance.Happens(75) ? plan.Number(30, 180) : plan.Number(180, 600));
        plan.BeginPhase(begin, length);
        plan.DrawFaults(8 + (int)(length / 30));
        plan.WriteFaults(text);
        plan.WriteHealing(text);
        foreach (var guest in plan.Guests)
            text.Append(CultureInfo.InvariantCulture, $"protect {guest}\nrun 1s\nstart {guest}\n");
        var calm = Math.Round(plan.Number(30, 600));
        text.Append(CultureInfo.InvariantCulture, $"expect within {plan.Rest}s: converged\nrun {calm}s\nexpect converged\n");
        return begin + length + 45 + 15 + plan.Guests.Count + plan.Rest + calm + 5;
    }
}
