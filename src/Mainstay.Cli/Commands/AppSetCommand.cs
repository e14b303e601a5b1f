using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay app set</c>: puts guests together as an application.</summary>
internal sealed class AppSetCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The application's name." };
    private readonly Argument<string[]> guests = new("GUEST")
    {
        Description = "Its guests, all of them: what is not named is not part of it any more.", Arity = ArgumentArity.OneOrMore,
    };

    public AppSetCommand(Terminal terminal)
        : base(terminal, "set", "Put protected guests together as one application, or change which guests it has.", Brief)
    {
        Arguments.Add(name);
        Arguments.Add(guests);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay app set shop db logic web", "The shop consists of three guests."),
        new("mainstay app set shop db web", "logic is not part of it any more."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new AppSetRequest { Name = call.Parsed.GetRequiredValue(name), Guests = call.Parsed.GetRequiredValue(guests) };
        return call.Request(ApiPaths.AppSet, request, ApiJson.Default.AppSetRequest, cancel);
    }
}
