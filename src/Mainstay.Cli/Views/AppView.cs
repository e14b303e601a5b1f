using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Applications, and the guests of one.</summary>
internal sealed class AppView(TextWriter to, Ink ink)
{
    public void Write(IReadOnlyList<AppStatus> applications)
    {
        if (applications.Count == 0)
        {
            to.WriteLine("No guests are put together as an application. See mainstay app set --help.");
            return;
        }

        var table = new TextTable("APPLICATION", "STATE", "GUESTS");
        foreach (var app in applications)
        {
            table.AddWithNotes(
                app.Why is { } why ? [why] : [],
                new Cell(app.Name, Tone.Strong),
                new Cell(app.State, StatusView.ToneOf(app.State)),
                string.Join(' ', app.Guests));
        }

        table.Write(to, ink);
    }

    public void Write(AppStatus app, IReadOnlyList<GuestStatus> guests)
    {
        to.WriteLine($"{ink.Paint(app.Name, Tone.Strong)} is {ink.Paint(app.State, StatusView.ToneOf(app.State))}"
            + $"{(app.Why is { } why ? $": {Ink.Clean(why)}" : "")}.");
        to.WriteLine();
        var table = new TextTable("GUEST", "STATE", "HOST", "AFTER");
        foreach (var guest in guests)
        {
            table.AddWithNotes(
                guest.Waits is { } waits ? [$"waits: {waits}"] : [],
                new Cell(guest.Name, Tone.Strong),
                new Cell(guest.State, StatusView.ToneOf(guest.State)),
                guest.Host ?? "-",
                guest.After.Count == 0 ? "-" : string.Join(", ", guest.After.Select(OrderView.Words)));
        }

        table.Write(to, ink);
    }
}
