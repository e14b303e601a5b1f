using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay move</c>: stops a guest in order and starts it on another host.</summary>
internal sealed class MoveCommand : CliCommand
{
    private readonly Argument<string> guest = new("GUEST") { Description = "A protected guest." };
    private readonly Argument<string?> host = new("HOST") { Description = "Where to; the same as --to.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> to = new("--to") { Description = "Where to [default: the cluster chooses].", HelpName = "HOST" };
    private readonly Option<string> reason = GuestOptions.Override();
    private readonly WaitOptions wait;

    public MoveCommand(Terminal terminal)
        : base(terminal, "move", "Shut a guest down and start it on another host.", Brief)
    {
        Arguments.Add(guest);
        Arguments.Add(host);
        Options.Add(to);
        Options.Add(reason);
        wait = new WaitOptions(this, "Wait until it runs there.");
        Validators.Add(result =>
        {
            if (result.GetValue(host) is { } named && result.GetValue(to) is { } other && named != other)
                result.AddError($"Where to: '{named}' or '{other}'? Name one host");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay move web --to n3 --wait", "Move web to n3, and return when it runs there."),
        new("mainstay move web", "Move it away; the cluster chooses where to."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(guest);
        var target = call.Parsed.GetValue(to) ?? call.Parsed.GetValue(host);
        var before = call.Parsed.GetValue(wait.Wait) ? await GuestWait.Look(call, name, Brief, cancel) : null;
        var request = new MoveRequest { Guest = name, Host = target, Override = call.Parsed.GetValue(reason) ?? "" };
        return await wait.Request(
            call,
            name,
            () => call.Ask(ApiPaths.Move, request, ApiJson.Default.MoveRequest, cancel),
            GuestGoal.Moved(target, before?.Epoch ?? 0),
            cancel);
    }
}
