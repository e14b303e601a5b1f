using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay host label</c>: says what a host has or is in.</summary>
internal sealed class HostLabelCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "A member." };
    private readonly Argument<string[]> labels = new("LABEL")
    {
        Description = "rack=r1 puts it into a failure domain; gpu only marks it. A label of the same key is replaced.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> remove = new("--remove")
    {
        Description = "Take the label with this key away.", HelpName = "KEY", AllowMultipleArgumentsPerToken = true,
    };

    public HostLabelCommand(Terminal terminal)
        : base(terminal, "label", "Say what a host has and which failure domains it is in; rules speak of it.", Brief)
    {
        Arguments.Add(host);
        Arguments.Add(labels);
        Options.Add(remove);
        Validators.Add(result =>
        {
            if (result.GetValue(labels) is null or [] && result.GetValue(remove) is null or [])
                result.AddError("Which label? Write KEY=VALUE or KEY, or --remove KEY");
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay host label n1 rack=r1 power=a gpu", "In rack r1, on power feed a, with a graphics card."),
        new("mainstay host label n1 --remove gpu", "The card is gone."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new LabelRequest
        {
            Host = call.Parsed.GetRequiredValue(host),
            Labels = call.Parsed.GetValue(labels) ?? [],
            Remove = call.Parsed.GetValue(remove) ?? [],
        };
        return call.Request(ApiPaths.HostLabel, request, ApiJson.Default.LabelRequest, cancel);
    }
}
