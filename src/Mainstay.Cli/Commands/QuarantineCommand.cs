using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay quarantine</c>: a host keeps its guests and gets no new ones.</summary>
internal sealed class QuarantineCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "A member." };
    private readonly Argument<string> state = new("on|off") { Description = "on: no new guests; off: as before, whatever put it there." };
    private readonly Option<string> reason = new("--reason")
    {
        Description = "Why; needed for on, and shown in the status.", HelpName = "TEXT", DefaultValueFactory = _ => "",
    };

    public QuarantineCommand(Terminal terminal)
        : base(terminal, "quarantine", "Give a host that is not well no new guests, or give it some again. It keeps those it has.", Brief)
    {
        state.OnlyFrom("on", "off");
        Arguments.Add(host);
        Arguments.Add(state);
        Options.Add(reason);
        Validators.Add(result =>
        {
            if (result.GetValue(state) == "on" && result.GetValue(reason) is null or "")
                result.AddError("Why? Say it with --reason TEXT; the status shows it");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay quarantine n2 on --reason 'a fan is broken'", "No new guests for n2."),
        new("mainstay quarantine n2 off", "It is mended."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new QuarantineRequest
        {
            Host = call.Parsed.GetRequiredValue(host),
            On = call.Parsed.GetRequiredValue(state) == "on",
            Reason = call.Parsed.GetValue(reason) ?? "",
        };
        return call.Request(ApiPaths.Quarantine, request, ApiJson.Default.QuarantineRequest, cancel);
    }
}
