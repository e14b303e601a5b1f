using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay order</c>: which guest is started after which, when several are.</summary>
internal sealed class OrderCommand : CliCommand
{
    private readonly Argument<string?> guest = new("GUEST")
    {
        Description = "A protected guest; without one, the whole order is shown.", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> after = new("--after")
    {
        Description = "The guest that goes first; an earlier setting about the same one is replaced.", HelpName = "OTHER",
    };

    private readonly Option<string> notAfter = new("--not-after") { Description = "Wait for that guest no more.", HelpName = "OTHER" };

    private readonly Option<string> gate = new("--gate")
    {
        Description = "What must be so of the other one: started (it runs, default), agent (the QEMU guest agent in it answers) or "
            + "delay=TIME (it has run for that time).",
        HelpName = "GATE",
    };

    private readonly Option<TimeSpan> limit = Durations.Option("--limit", "How long it waits at most, 1s to 24h [default: 5m].");
    private readonly Option<string> then = new("--then")
    {
        Description = "After the limit: continue (it starts all the same, default) or hold (it waits on, until the gate opens or "
            + "'mainstay start' starts it).",
        HelpName = "WHAT",
    };

    public OrderCommand(Terminal terminal)
        : base(
            terminal,
            "order",
            "Show or change which guest is started after which. It counts when several are started at once; nothing that runs is stopped "
            + "or restarted for it, and a guest that was stopped by a person is not waited for.",
            Brief)
    {
        then.OnlyFrom("continue", "hold");
        Arguments.Add(guest);
        foreach (var option in (Option[])[after, notAfter, gate, limit, then])
            Options.Add(option);
        gate.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Gate(result.Tokens[0].Value) is null)
                result.AddError($"--gate: '{result.Tokens[0].Value}' is no gate. Give started, agent or delay=TIME, such as delay=30s");
        });
        Validators.Add(result =>
        {
            var (first, last) = (result.GetResult(after) is not null, result.GetResult(notAfter) is not null);
            var details = result.GetResult(gate) is not null || result.GetResult(limit) is not null || result.GetResult(then) is not null;
            if (result.GetValue(guest) is null && (first || last || details))
                result.AddError("Which guest? Name it before the options: mainstay order GUEST --after OTHER");
            else if (result.GetValue(guest) is not null && first == last)
                result.AddError("Say either --after OTHER or --not-after OTHER; 'mainstay order' alone shows what is set");
            else if (last && details)
                result.AddError("--not-after takes no --gate, --limit or --then");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay order", "The whole order, and which gates are open."),
        new("mainstay order app --after db --gate agent", "Start app when the guest agent in db answers."),
        new("mainstay order web --after app --gate delay=30s --limit 2m", "Start web when app has run for half a minute."),
        new("mainstay order app --after db --gate agent --then hold", "Rather keep app down than start it without db."),
        new("mainstay order web --not-after app", "web waits for app no more."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        if (call.Parsed.GetValue(guest) is not { } name)
            return await Show(call, cancel);
        if (call.Parsed.GetValue(notAfter) is { } other)
        {
            var remove = new OrderRemoveRequest { Guest = name, After = other };
            return await call.Request(ApiPaths.OrderRemove, remove, ApiJson.Default.OrderRemoveRequest, cancel);
        }

        var (word, delay) = Gate(call.Parsed.GetValue(gate) ?? "started") ?? ("started", TimeSpan.Zero);
        var request = new OrderRequest
        {
            Guest = name,
            After = call.Parsed.GetValue(after) ?? "",
            Gate = word,
            DelaySeconds = delay.TotalSeconds,
            LimitSeconds = call.Parsed.GetResult(limit) is null ? 300 : call.Parsed.GetValue(limit).TotalSeconds,
            Then = call.Parsed.GetValue(then) ?? "continue",
        };
        return await call.Request(ApiPaths.Order, request, ApiJson.Default.OrderRequest, cancel);
    }

    private static async Task<int> Show(Call call, CancellationToken cancel)
    {
        switch (await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel))
        {
            case ApiAnswer<StatusReply>.Given given when call.Json:
                call.Print(OrderList.Of(given.Value), CliJson.Default.OrderList);
                return ExitCode.Done;
            case ApiAnswer<StatusReply>.Given given:
                new OrderView(call.Out, call.Ink).Write(OrderList.Of(given.Value));
                return ExitCode.Done;
            case ApiAnswer<StatusReply>.Failed failed:
                return call.Fail(failed.Failure);
            default:
                throw new InvalidOperationException("No such answer.");
        }
    }

    private static (string Word, TimeSpan Delay)? Gate(string text) => text switch
    {
        "started" or "agent" => (text, TimeSpan.Zero),
        _ when text.StartsWith("delay=", StringComparison.Ordinal) && DurationText.Parse(text["delay=".Length..]) is { } delay
            && delay > TimeSpan.Zero => ("delay", delay),
        _ => null,
    };
}
