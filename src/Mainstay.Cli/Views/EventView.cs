using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Events as lines: when, who saw it, what.</summary>
internal sealed class EventView(TextWriter to, Ink ink)
{
    private const string Margin = "  ";

    private int width = 2;

    public void Write(IReadOnlyList<EventEntry> entries)
    {
        width = entries.Select(entry => Ink.Clean(entry.Host).Length).Append(width).Max();
        foreach (var entry in entries)
            Write(entry);
    }

    public void Write(EventEntry entry) => Write(entry, indent: "");

    public void Write(EventEntry entry, string indent)
    {
        // Followed events come one by one: the column grows when a longer name turns up, and stays.
        width = Math.Max(width, Ink.Clean(entry.Host).Length);
        var time = ink.Paint(TimeText.Exact(entry.Time), Tone.Faint);
        var host = ink.Paint(entry.Host.PadRight(width), Tone.Strong);
        to.WriteLine($"{indent}{time}{Margin}{host}{Margin}{ink.Paint(entry.Text, ToneOf(entry.Fact))}");
    }

    private static Tone ToneOf(string fact) => fact switch
    {
        "GuestStarted" or "HostJoined" or "SuspicionCleared" or "StoreRegained" or "Armed"
            or "QuarantineLifted" => Tone.Good,
        "HostSuspected" or "BeaconFoundDead" or "FencingStarted" or "FencingHeld" or "FenceAttemptFailed" or "GuestStartFailed"
            or "SessionLost" or "Disarmed" or "HostQuarantined" or "GuestShutDown" => Tone.Warning,
        "HostFenced" or "ProofMissing" or "GuestFailed" or "GroupBlocked" or "GroupQuarantined" or "GroupUnplaceable" or "StoreLost"
            or "StrayStopped" => Tone.Bad,
        _ => Tone.Plain,
    };
}
