using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>The hosts' watchdogs, a line each, with what is wrong under it.</summary>
internal sealed class WatchdogView(TextWriter to, Ink ink, TimeProvider clock)
{
    public void Write(WatchdogReply reply)
    {
        var table = new TextTable("HOST", "DEVICE", "DRIVER", "TIMEOUT", "RESET", "MEASURED", "HELD BY").AlignRight(3).AlignRight(4);
        foreach (var host in reply.Hosts)
        {
            var dog = host.Watchdog;
            table.AddWithNotes(
                [.. Notes(dog)],
                new Cell(host.Host, Tone.Strong),
                dog.Device ?? "-",
                dog.Driver ?? "-",
                dog.Timeout is { } seconds ? $"{seconds} s" : "-",
                dog.ResetSeconds is { } reset ? new Cell(Seconds(reset), Tone.Good) : new Cell("not used", Tone.Warning),
                Measured(dog),
                dog.Holder ?? "-");
        }

        table.Write(to, ink);
        if (reply.Unheard.Count > 0)
            to.WriteLine(ink.Paint($"Nothing is known of {string.Join(", ", reply.Unheard)}: no answer.", Tone.Warning));
    }

    private Cell Measured(WatchdogStatus dog) => dog.Measured is { } measured
        ? new Cell($"{Seconds(measured.ResetSeconds)}, {TimeText.Ago(measured.At, clock)}", dog.Stale is null ? Tone.Good : Tone.Bad)
        : new Cell("never", Tone.Warning);

    private static IEnumerable<string> Notes(WatchdogStatus dog)
    {
        if (dog.UnfedSeconds is { } unfed)
            yield return $"is being measured: not fed for {Seconds(unfed)}";
        if (dog.Failed is { } failed)
            yield return failed;
        if (dog.Stale is { } stale)
            yield return $"{stale}: measure it again";
        if (dog.Measured is { } measured)
            yield return $"lived at least {Seconds(measured.AtLeastSeconds)} unfed; witnessed by {string.Join(", ", measured.By)}";
        if (dog.NoWayOut == false)
            yield return "nowayout=0: any root program can disarm it";
        if (dog.Holder is "systemd")
            yield return "set RuntimeWatchdogSec=0 and RebootWatchdogSec=0 in /etc/systemd/system.conf, then systemctl daemon-reexec";
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");
}
