using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay storage remove</c>: forgets a storage.</summary>
internal sealed class StorageRemoveCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The storage, as 'mainstay storage list' shows it." };

    private readonly Option<string> reason = new("--override")
    {
        Description = "Also when a host was taken out of the cluster while it was cut off from it: that host never comes back, or has the "
            + "storage by hand. The reason is kept.",
        HelpName = "REASON",
        DefaultValueFactory = _ => "",
    };

    public StorageRemoveCommand(Terminal terminal)
        : base(terminal, "remove", "Forget a storage: no host is cut off from it any more. Refused while one is.", Brief)
    {
        Arguments.Add(name);
        Options.Add(reason);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay storage remove san", "Forget the storage san."),
        new("mainstay storage remove san --override \"n3 was scrapped\"", "Also when n3 was cut off from it and taken out."),
    ];

    protected override Task<int> Run(Call call, CancellationToken cancel)
    {
        var request = new StorageRemoveRequest { Name = call.Parsed.GetRequiredValue(name), Override = call.Parsed.GetValue(reason) ?? "" };
        return call.Request(ApiPaths.StorageRemove, request, ApiJson.Default.StorageRemoveRequest, cancel);
    }
}
