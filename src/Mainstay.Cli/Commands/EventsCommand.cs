using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay events</c>: what happened, from all hosts in one order.</summary>
internal sealed class EventsCommand : CliCommand
{
    /// <summary>With --since the count is open; this many are asked for.</summary>
    private const int Plenty = ApiPaths.MostEvents;

    /// <summary>The agent sends an empty line at least every 10 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Stay and show each event as it happens." };
    private readonly Option<int?> last = new("--last", "-n") { Description = "The latest N events [default: 200].", HelpName = "N" };
    private readonly Option<string?> since = new("--since")
    {
        Description = "From a moment on: 10m (ago), or 2026-01-31T14:00:00Z.", HelpName = "TIME",
    };

    private readonly Option<string?> guest = new("--guest") { Description = "Only events of this guest.", HelpName = "GUEST" };
    private readonly Option<string?> host = new("--host") { Description = "Only events of this host.", HelpName = "HOST" };

    public EventsCommand(Terminal terminal)
        : base(terminal, "events", "Show what happened, from all hosts in one order. Times are UTC.", Brief)
    {
        Options.Add(follow);
        Options.Add(last);
        Options.Add(since);
        Options.Add(guest);
        Options.Add(host);
        last.Validators.Add(result =>
        {
            if (result.GetValue(last) is < 1 or > Plenty)
                result.AddError($"--last {result.Tokens[0].Value}: write a number from 1 to {Plenty}");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay events -f", "Watch the cluster."),
        new("mainstay events --since 10m --guest web", "What happened to web in the last ten minutes."),
        new("mainstay events -f --json", "One JSON object a line, for programs. Without -f: one array."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var from = DateTimeOffset.MinValue;
        if (call.Parsed.GetValue(since) is { } typed)
        {
            if (Moment(typed, call.Terminal.Time) is not { } moment)
                return call.Fail(CliFailure.Usage($"--since {typed}: write how long ago (10m, 2h) or a moment (2026-01-31T14:00:00Z)."));
            from = moment;
        }

        return call.Parsed.GetValue(follow) ? await Follow(call, from, cancel) : await Once(call, from, cancel);
    }

    private static DateTimeOffset? Moment(string typed, TimeProvider clock) =>
        DurationText.Parse(typed) is { } ago ? clock.GetUtcNow() - ago
        : DateTimeOffset.TryParse(typed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : null;

    private string Path(Call call, bool stay)
    {
        var count = call.Parsed.GetValue(last) ?? (call.Parsed.GetValue(since) is null ? 200 : Plenty);
        var query = string.Create(CultureInfo.InvariantCulture, $"{ApiPaths.Events}?last={count}");
        query += stay ? "&follow=true" : "";
        query += call.Parsed.GetValue(guest) is { } name ? $"&guest={Uri.EscapeDataString(name)}" : "";
        return query + (call.Parsed.GetValue(host) is { } member ? $"&host={Uri.EscapeDataString(member)}" : "");
    }

    private async Task<int> Once(Call call, DateTimeOffset from, CancellationToken cancel)
    {
        var entries = new List<EventEntry>();
        await foreach (var item in call.Agent.Events(Path(call, stay: false), call.Limit, cancel))
        {
            if (item is ApiAnswer<EventEntry>.Failed failed)
                return call.Fail(failed.Failure);
            if (item is ApiAnswer<EventEntry>.Given { Value: { } entry } && entry.Time >= from)
                entries.Add(entry);
        }

        if (call.Json)
        {
            var lines = entries.Select(entry => JsonSerializer.Serialize(entry, ApiJson.Default.EventEntry));
            call.Out.WriteLine("[" + string.Join(",\n", lines) + "]");
        }
        else
        {
            new EventView(call.Out, call.Ink).Write(entries);
        }

        return ExitCode.Done;
    }

    /// <summary>Survives a restart of the agent: takes up the stream again and leaves out what was shown.</summary>
    private async Task<int> Follow(Call call, DateTimeOffset from, CancellationToken cancel)
    {
        var clock = call.Terminal.Time;
        var view = new EventView(call.Out, call.Ink);
        var shown = new Dictionary<string, long>(StringComparer.Ordinal);
        var heard = false;
        var lastHeard = clock.GetTimestamp();
        while (true)
        {
            CliFailure? failure = null;
            await foreach (var item in call.Agent.Events(Path(call, stay: true), Silence, cancel))
            {
                failure = (item as ApiAnswer<EventEntry>.Failed)?.Failure;
                if (item is not ApiAnswer<EventEntry>.Given { Value: { } entry })
                    continue;
                (heard, lastHeard) = (true, clock.GetTimestamp());
                if (entry.Seq == EventEntry.NoticeSeq)
                {
                    call.Progress($"{entry.Host}: {entry.Text}");
                    continue;
                }

                if (entry.Time < from || entry.Seq <= shown.GetValueOrDefault(entry.Host, long.MinValue))
                    continue;
                shown[entry.Host] = entry.Seq;
                if (call.Json)
                    call.Print(entry, ApiJson.Default.EventEntry);
                else
                    view.Write(entry);
                await call.Out.FlushAsync(cancel);
            }

            failure ??= CliFailure.Unreachable("The agent ended the stream.");
            if (!heard || failure.Exit != ExitCode.NoAnswer || clock.GetElapsedTime(lastHeard) > Patience)
                return call.Fail(failure);
            call.Progress($"{failure.Text} Trying again …");
            await Task.Delay(Pause, clock, cancel);
        }
    }
}
