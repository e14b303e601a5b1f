using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Mainstay.Agent.Configuration;
using Mainstay.Beacon.Link;
using Mainstay.Contracts;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Beacon;
using Mainstay.Core.Lease;
using Mainstay.Core.Model;
using Microsoft.Extensions.Logging;

namespace Mainstay.Agent.Watchdogs;

/// <summary>
/// Measures this host's watchdog (<c>docs/decisions/0021</c>): has the beacon feed it no more, and when the host is back asks those who
/// outlived it how long it took.
/// </summary>
/// <param name="boot">Of this boot.</param>
/// <param name="ask">What the other hosts heard of a session of this one, and whether all of them have answered.</param>
internal sealed class WatchdogMeasuring(
    BeaconLink beacon,
    FileLayout layout,
    BeaconPaths paths,
    WatchdogSight sight,
    BootId boot,
    Func<SessionId, CancellationToken, Task<(ValueList<ResetWitness> Heard, bool All)>> ask,
    TimeProvider time,
    ILogger log)
{
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Channel<int> begun = Channel.CreateBounded<int>(1);
    private long lastFed;

    /// <summary>How long it has not been fed, while it is measured.</summary>
    public TimeSpan? Unfed => Interlocked.Read(ref lastFed) is var at && at == 0 ? null : time.GetElapsedTime(at);

    /// <summary>Why the last try gave no figure; null when it did, or there was none.</summary>
    public string? Failed { get; private set; }

    /// <summary>Null when it has begun: then this machine ends soon. Else why not; then everything is as before.</summary>
    public async Task<string?> Begin(SessionId session, string device, int timeout, CancellationToken cancel)
    {
        if (Unfed is not null)
            return "it is being measured already";
        var record = new BegunMeasurement(session, boot, device, sight.DriverOf(device), timeout);
        byte[]? settings = File.Exists(paths.Watchdog) ? await File.ReadAllBytesAsync(paths.Watchdog, cancel).ConfigureAwait(false) : null;
        File.Delete(layout.WatchdogMarks);
        Durably(layout.WatchdogBegun, record.ToText());

        // S2: what is measured now replaces the old figure. A try that fails must not leave one behind that nobody believes in any more.
        if (settings is not null)
            Durably(paths.Watchdog, $"# Being measured: no figure counts.\n{Accepted(sight.AcceptsVirtual)}\n");
        if (await beacon.Measure(MeasureAct.Begin, device, timeout, cancel).ConfigureAwait(false) is not { } why)
        {
            Failed = null;
            Interlocked.Exchange(ref lastFed, time.GetTimestamp());
            begun.Writer.TryWrite(timeout);
            AgentLog.WatchdogUnfed(log, device, timeout);
            return null;
        }

        // An answer that was lost may have been yes: then this ends it.
        await beacon.Measure(MeasureAct.End, device, timeout, cancel).ConfigureAwait(false);
        File.Delete(layout.WatchdogBegun);
        if (settings is not null)
        {
            PrivateFiles.Replace(paths.Watchdog, settings);
            await beacon.Measure(MeasureAct.Read, "", 0, cancel).ConfigureAwait(false);
        }

        return why;
    }

    /// <summary>Until cancelled: finishes what an earlier boot began, then keeps the marks of what is begun.</summary>
    public async Task Run(CancellationToken cancel)
    {
        await Finish(cancel).ConfigureAwait(false);
        await foreach (var timeout in begun.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            var until = TimeSpan.FromSeconds(3 * timeout) + Patience;
            try
            {
                await MarkFile.Write(layout.WatchdogMarks, () => Unfed ?? TimeSpan.MaxValue, until, time, cancel).ConfigureAwait(false);
            }
            catch (IOException full)
            {
                // The other hosts hear it all the same; only this witness is lost.
                AgentLog.WatchdogMarksLost(log, full.Message);
                await Task.Delay(until, time, cancel).ConfigureAwait(false);
            }

            await beacon.Measure(MeasureAct.End, "", 0, cancel).ConfigureAwait(false);
            Interlocked.Exchange(ref lastFed, 0);
            File.Delete(layout.WatchdogBegun);
            File.Delete(layout.WatchdogMarks);
            Fail($"the watchdog did not reset this host within {until.TotalSeconds:0} s: it is of no use");
        }
    }

    private async Task Finish(CancellationToken cancel)
    {
        if (!File.Exists(layout.WatchdogBegun))
            return;
        if (BegunMeasurement.Parse(await File.ReadAllTextAsync(layout.WatchdogBegun, cancel).ConfigureAwait(false)) is not { } record)
        {
            Fail($"{layout.WatchdogBegun} is damaged");
        }
        else if (record.Boot == boot)
        {
            await beacon.Measure(MeasureAct.End, "", 0, cancel).ConfigureAwait(false);
            Fail("the agent was started again before the watchdog reset this host; measure again");
        }
        else
        {
            await Finish(record, cancel).ConfigureAwait(false);
        }

        File.Delete(layout.WatchdogBegun);
        File.Delete(layout.WatchdogMarks);
    }

    private async Task Finish(BegunMeasurement record, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var (heard, all) = await ask(record.Session, cancel).ConfigureAwait(false);
            if (all || time.GetElapsedTime(began) > AskFor)
            {
                var witnesses = MarkFile.Read(layout.WatchdogMarks) is { } disk ? [.. heard, disk] : heard;
                await Conclude(record, ResetMeasurement.Judge(TimeSpan.FromSeconds(record.Timeout), witnesses), cancel)
                    .ConfigureAwait(false);
                return;
            }

            await Task.Delay(AskAgain, time, cancel).ConfigureAwait(false);
        }
    }

    private async Task Conclude(BegunMeasurement record, ResetVerdict verdict, CancellationToken cancel)
    {
        switch (verdict)
        {
            case ResetVerdict.Measured measured:
                var document = new WatchdogMeasurement
                {
                    At = time.GetUtcNow(),
                    Device = record.Device,
                    Driver = record.Driver,
                    Timeout = record.Timeout,
                    AtLeastSeconds = Rounded(measured.AtLeast),
                    ResetSeconds = Rounded(measured.Reset),
                    By = [.. measured.By],
                    Kernel = sight.Kernel,
                    Firmware = sight.Firmware,
                };
                PrivateFiles.Replace(
                    layout.WatchdogMeasured, JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Default.WatchdogMeasurement));
                PrivateFiles.Replace(paths.Watchdog, Encoding.UTF8.GetBytes(Settings(document, sight.AcceptsVirtual)));
                AgentLog.WatchdogMeasured(log, document.Device, document.ResetSeconds, string.Join(", ", document.By));
                await beacon.Measure(MeasureAct.Read, "", 0, cancel).ConfigureAwait(false);
                break;
            case ResetVerdict.Unclear unclear:
                Fail(unclear.Why + "; measure again");
                break;
        }
    }

    /// <summary>In place and synced: a file renamed or removed a moment before the reset may come back after it.</summary>
    private static void Durably(string path, string text)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.WriteThrough,
        });
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    private void Fail(string why)
    {
        Failed = why;
        AgentLog.WatchdogNotMeasured(log, why);
    }

    private static double Rounded(TimeSpan span) => Math.Round(span.TotalSeconds, 3);

    private static string Settings(WatchdogMeasurement m, bool acceptsVirtual) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Written by mainstay watchdog measure on {m.At:yyyy-MM-dd}; see mainstay watchdog status.
        device {m.Device}
        timeout {m.Timeout}
        reset {m.ResetSeconds:0.###}
        {(m.Driver is { } driver ? $"driver {driver}" : "")}
        {Accepted(acceptsVirtual)}

        """);

    private static string Accepted(bool virtualMachine) => virtualMachine ? "virtual yes" : "";
}
