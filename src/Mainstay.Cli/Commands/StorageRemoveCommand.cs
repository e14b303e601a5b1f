using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay storage remove</c>: forgets a storage.</summary>
internal sealed class StorageRemoveCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The storage, as 'mainstay storage list' shows it." };

    public StorageRemoveCommand(Terminal terminal)
        : base(terminal, "remove", "Forget a storage: no host is cut off from it any more. Refused while one is.", Brief) =>
        Arguments.Add(name);

    public override IReadOnlyList<Example> Examples { get; } = [new("mainstay storage remove san", "Forget the storage san.")];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new StorageRemoveRequest { Name = call.Parsed.GetRequiredValue(name) };
        return call.Request(ApiPaths.StorageRemove, request, ApiJson.Default.StorageRemoveRequest, cancel);
    }
}
