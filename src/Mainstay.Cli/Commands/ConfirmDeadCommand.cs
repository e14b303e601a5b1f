using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay confirm-dead</c>: a person vouches that a host is dead.</summary>
internal sealed class ConfirmDeadCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "The dead host." };
    private readonly Option<string> reason = new("--reason")
    {
        Description = "How you know; kept in the journal.", HelpName = "TEXT", Required = true,
    };

    private readonly Option<string?> typed = new("--yes-it-is-dead")
    {
        Description = "The host's name once more, instead of being asked for it.", HelpName = "HOST",
    };

    private readonly Option<string?> session = new("--session")
    {
        Description = "The session of the host that you looked at: refused when it has begun another one since [default: the one shown].",
        HelpName = "SESSION",
    };

    private readonly Option<string?> by = new("--by") { Description = "Who vouches [default: you].", HelpName = "NAME" };

    public ConfirmDeadCommand(Terminal terminal)
        : base(
            terminal,
            "confirm-dead",
            "Vouch that a host is dead, when nothing else can prove it: its guests are started elsewhere. If it is alive after all, its "
            + "guests may run twice and destroy their disks. Pull its plug or see it dark first.",
            Brief)
    {
        Arguments.Add(host);
        Options.Add(reason);
        Options.Add(typed);
        Options.Add(session);
        Options.Add(by);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay confirm-dead n1 --reason 'power cable pulled'", "Shows what is known of n1, then asks for its name once more."),
        new("mainstay confirm-dead n1 --reason 'dark' --session 5c0c1be5d1a6fe2f", "Not when n1 came back in another session meanwhile."),
        new("mainstay confirm-dead n1 --reason 'rack 4 burnt down' --yes-it-is-dead n1", "Without being asked."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(host);
        var why = call.Parsed.GetRequiredValue(reason);
        if (string.IsNullOrWhiteSpace(why))
            return call.Fail(CliFailure.Usage("--reason is empty: write how you know that the host is dead."));
        var (again, seen) = (call.Parsed.GetValue(typed), call.Parsed.GetValue(session));
        if (again is null)
        {
            if (!call.Terminal.Interactive)
                return call.Fail(CliFailure.Usage($"Nobody is there to be asked. If you are sure, add: --yes-it-is-dead {name}"));
            seen ??= await ShowWhatIsKnown(call, name, cancel);
            again = call.Terminal.Ask($"Type the host's name once more to vouch that it is dead: ", hidden: false);
        }

        if (again?.Trim() != name)
            return call.Fail(CliFailure.Usage($"'{again}' is not '{name}': nothing was done."));
        var request = new ConfirmDeadRequest
        {
            Host = name,
            Typed = again.Trim(),
            Reason = why,
            Session = seen,
            By = call.Parsed.GetValue(by) ?? call.Terminal.User,
        };
        return await call.Request(ApiPaths.ConfirmDead, request, ApiJson.Default.ConfirmDeadRequest, cancel);
    }

    /// <summary>Returns the session that was shown; null when nothing is known.</summary>
    private static async Task<string?> ShowWhatIsKnown(Call call, string name, CancellationToken cancel)
    {
        if (await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel)
            is not ApiAnswer<StatusReply>.Given given)
        {
            return null;
        }

        if (given.Value.Hosts.FirstOrDefault(candidate => candidate.Name == name) is not { } known)
        {
            call.Progress($"The cluster knows no host '{name}'.");
            return null;
        }

        call.Progress($"{name} is {known.State}{(known.Why is { } why ? $": {why}" : "")}; its agent: {known.Agent}"
            + (known.BeaconSilenceMs is { } silence ? $"; last heard {DurationText.Print(TimeSpan.FromMilliseconds(silence))} ago." : "."));
        foreach (var test in known.Fencing.Methods.Select(method => method.LastTest).OfType<FenceTestResult>())
            call.Progress($"  {test.Method}: {test.Text} ({TimeText.Ago(test.At, call.Terminal.Time)})");
        var guests = given.Value.Guests.Where(guest => guest.Host == name).Select(guest => guest.Name).ToList();
        call.Progress(guests.Count == 0 ? "It owns no guests." : $"To be started elsewhere: {string.Join(", ", guests)}");
        return known.Session;
    }
}
