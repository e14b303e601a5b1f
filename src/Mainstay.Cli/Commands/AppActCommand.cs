using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay app start|stop|remove</c>: does something with all guests of an application.</summary>
internal sealed class AppActCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "An application." };
    private readonly string act;

    public AppActCommand(Terminal terminal, string act, string description, IReadOnlyList<Example> examples)
        : base(terminal, act, description, Brief)
    {
        (this.act, Examples) = (act, examples);
        Arguments.Add(name);
    }

    public override IReadOnlyList<Example> Examples { get; }

    protected override Task<int> Run(Call call, CancellationToken cancel) => call.Request(
        ApiPaths.App, new AppRequest { Name = call.Parsed.GetRequiredValue(name), Act = act }, ApiJson.Default.AppRequest, cancel);
}
