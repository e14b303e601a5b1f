using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Which guest is started after which.</summary>
internal sealed class OrderView(TextWriter to, Ink ink)
{
    public void Write(OrderList list)
    {
        if (list.Guests.Count == 0)
        {
            to.WriteLine("No guest waits for another one. See mainstay order --help.");
            return;
        }

        var table = new TextTable("STEP", "GUEST", "AFTER", "LIMIT", "THEN", "NOW").AlignRight(0, 3);
        foreach (var guest in list.Guests)
        {
            var (step, name) = (guest.Step.ToString(CultureInfo.InvariantCulture), new Cell(guest.Guest, Tone.Strong));
            if (guest.After.Count == 0)
                table.Add(step, name, "-", "", "", "");
            for (var i = 0; i < guest.After.Count; i++)
            {
                var edge = guest.After[i];
                table.Add(
                    i == 0 ? step : "",
                    i == 0 ? name : new Cell(""),
                    Words(edge),
                    Time(edge.LimitSeconds),
                    edge.Then,
                    new Cell(edge.Open ? "open" : edge.Why, edge.Open ? Tone.Good : Tone.Warning));
            }
        }

        table.Write(to, ink);
    }

    /// <summary>Such as <c>db (agent)</c>.</summary>
    public static string Words(DependencyStatus edge) =>
        $"{edge.On} ({(edge.Gate == "delay" ? $"delay={Time(edge.DelaySeconds)}" : edge.Gate)})";

    private static string Time(double seconds) => DurationText.Type(TimeSpan.FromSeconds(seconds));
}
