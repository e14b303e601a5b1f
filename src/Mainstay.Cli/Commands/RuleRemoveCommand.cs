using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay rule remove</c>: takes a rule back.</summary>
internal sealed class RuleRemoveCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The rule, as 'mainstay rule list' shows it." };

    public RuleRemoveCommand(Terminal terminal)
        : base(terminal, "remove", "Take a rule back. Nothing is moved for it.", Brief) => Arguments.Add(name);

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay rule remove web", "The web servers may share hosts again.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new RuleRemoveRequest { Name = call.Parsed.GetRequiredValue(name) };
        return call.Request(ApiPaths.RuleRemove, request, ApiJson.Default.RuleRemoveRequest, cancel);
    }
}
