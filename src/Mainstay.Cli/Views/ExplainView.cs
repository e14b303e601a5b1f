using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>
/// The story of a guest: where it is and since when, why, what was decided and rejected, what failed, what a further loss means.
/// </summary>
internal sealed class ExplainView(TextWriter to, Ink ink, TimeProvider clock)
{
    public void Write(ExplainReply reply)
    {
        WriteNow(reply);
        Paragraph("Why it is there");
        to.WriteLine($"  {Sentence(reply.Why)}");
        WriteDecision(reply.Guest, reply.Decision);
        WriteFailures(reply.Failures);
        WriteProofs(reply);
        WriteRecoveries(reply);
        if (reply.Outlook.Count > 0)
        {
            Paragraph("If a host is lost");
            foreach (var line in reply.Outlook)
                to.WriteLine($"  {Sentence(line)}");
            if (reply.IfLost is { Considered.Count: > 0 } plan)
                new PlacementView(to, ink).Write(plan);
        }

        if (reply.History.Count > 0)
        {
            Paragraph("What happened, latest last");
            var events = new EventView(to, ink);
            foreach (var entry in reply.History)
                events.Write(entry, "  ");
        }
    }

    private void WriteNow(ExplainReply reply)
    {
        var guest = reply.Guest;
        var where = guest.Host is { } host ? $" on {host}" : "";
        var since = Since(reply) is { } time ? $" since {TimeText.Second(time)} ({TimeText.Ago(time, clock)})" : "";
        var state = ink.Paint(guest.State + where, StatusView.ToneOf(guest.State));
        to.WriteLine($"{ink.Paint(guest.Name, Tone.Strong)} is {state}{Ink.Clean(since)}.");
        var (standing, tone) = StatusView.Standing(guest);
        to.WriteLine($"It is {ink.Paint(standing, tone)}.");
        to.WriteLine(Ink.Clean($"It is to be {guest.Desired}: {guest.DesiredBy}."));
        to.WriteLine(ink.Paint(
            string.Create(CultureInfo.InvariantCulture, $"Epoch {guest.Epoch}, {guest.Phase}; {guest.MemoryMiB} MiB; uuid {guest.Uuid}."),
            Tone.Faint));
    }

    /// <summary>The last fact that made it what it is, as far back as the history goes.</summary>
    private static DateTimeOffset? Since(ExplainReply reply)
    {
        string[] facts = reply.Guest.State switch
        {
            "running" => ["GuestStarted", "GroupClaimed", "GroupProtected"],
            "starting" => ["GuestStarting", "GroupAssigned"],
            "stopped" => ["GuestStopped", "GuestShutDown"],
            "waiting" => ["GroupUnplaceable", "GuestFailed", "GuestStartFailed"],
            "blocked" => ["GroupBlocked", "GroupQuarantined"],
            _ => [],
        };
        return reply.History.LastOrDefault(entry => facts.Contains(entry.Fact))?.Time;
    }

    private void WriteDecision(GuestStatus guest, ExplainedDecision? decision)
    {
        Paragraph("The last decision");
        if (decision is null)
        {
            to.WriteLine("  The cluster never placed it: it was adopted where it was.");
            return;
        }

        var choice = decision.Chosen is { } chosen ? $"run it on {chosen}" : "no host could take it";
        to.WriteLine($"  {Ink.Clean(string.Create(CultureInfo.InvariantCulture, $"Epoch {decision.Epoch}: {choice}."))}");
        to.WriteLine($"  Because: {Sentence(decision.Because)}");
        if (decision.Epoch != guest.Epoch)
            to.WriteLine(Ink.Clean($"  The guest has since been given epoch {guest.Epoch}."));
        to.WriteLine();
        new PlacementView(to, ink).Write(decision);
    }

    private void WriteFailures(IReadOnlyList<ExplainedFailure> failures)
    {
        if (failures.Count == 0)
            return;
        Paragraph("Starts that failed since it last ran");
        foreach (var failure in failures)
            to.WriteLine($"  on {Ink.Clean(failure.Host)}: {ink.Paint(failure.Error, Tone.Warning)}");
    }

    private void WriteProofs(ExplainReply reply)
    {
        if (reply.Proofs.Count == 0)
            return;
        Paragraph($"What proves the end of its owner, {Ink.Clean(reply.Guest.Host ?? "its host")}");
        foreach (var proof in reply.Proofs)
        {
            var covers = proof.Covers.Contains(reply.Guest.Name);
            var (verdict, tone) = covers ? ("lets it run elsewhere", Tone.Good) : ("does not cover it", Tone.Warning);
            var what = proof.Storage is { } storage ? $"{proof.Kind} {storage}" : proof.Kind;
            to.WriteLine($"  {Ink.Clean(what)} ({Ink.Clean(proof.Class.Replace('_', ' '))}): {ink.Paint(verdict, tone)}. "
                + Sentence(proof.Evidence));
        }
    }

    private void WriteRecoveries(ExplainReply reply)
    {
        if (reply.Recoveries.Count == 0)
            return;
        Paragraph("How long its last starts took");
        RecoveryView.Table(reply.Recoveries).Write(to, ink);
        if (reply.Guest.RecoveryBudgetMs is { } budget)
            to.WriteLine($"  After the loss of a host {DurationText.Print(TimeSpan.FromMilliseconds(budget))} are allowed.");
    }

    private void Paragraph(string heading)
    {
        to.WriteLine();
        to.WriteLine(ink.Paint(heading, Tone.Strong));
    }

    private static string Sentence(string text)
    {
        var clean = Ink.Clean(text).Trim();
        return clean.Length == 0 || clean[^1] is '.' or '!' or '?' ? clean : clean + ".";
    }
}
