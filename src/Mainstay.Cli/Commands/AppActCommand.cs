using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay app start|stop|remove</c>: does something with all guests of an application.</summary>
internal sealed class AppActCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "An application." };
    private readonly Option<string>? reason;
    private readonly string act;

    public AppActCommand(Terminal terminal, string act, string description, IReadOnlyList<Example> examples)
        : base(terminal, act, description, Brief)
    {
        (this.act, Examples) = (act, examples);
        Arguments.Add(name);
        if (act == "start")
            Options.Add(reason = GuestOptions.Override());
    }

    public override IReadOnlyList<Example> Examples { get; }

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new AppRequest
        {
            Name = call.Parsed.GetRequiredValue(name),
            Act = act,
            Override = reason is null ? "" : call.Parsed.GetValue(reason) ?? "",
        };
        return call.Request(ApiPaths.App, request, ApiJson.Default.AppRequest, cancel);
    }
}
