using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Cli.Views;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay fence list</c>: the fence methods of the hosts.</summary>
internal sealed class FenceListCommand : CliCommand
{
    private readonly Argument<string?> host = new("HOST") { Description = "Only this host.", Arity = ArgumentArity.ZeroOrOne };

    public FenceListCommand(Terminal terminal)
        : base(terminal, "list", "Show the fence methods of the hosts, their options (secrets hidden) and their last tests.", Brief) =>
        Arguments.Add(host);

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay fence list", "All hosts."), new("mainstay fence list n1 --json", "One host, for programs.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        switch (await call.Agent.Get(ApiPaths.Status, ApiJson.Default.StatusReply, call.Limit, cancel))
        {
            case ApiAnswer<StatusReply>.Given given:
                return Show(call, given.Value);
            case ApiAnswer<StatusReply>.Failed failed:
                return call.Fail(failed.Failure);
            default:
                throw new InvalidOperationException("No such answer.");
        }
    }

    private int Show(Call call, StatusReply status)
    {
        var only = call.Parsed.GetValue(host);
        if (only is not null && status.Hosts.All(member => member.Name != only))
        {
            var names = string.Join(", ", status.Hosts.Select(member => member.Name));
            return call.Fail(new CliFailure("not_found", $"There is no host '{only}'. The hosts are: {names}"));
        }

        var list = new FenceList
        {
            Hosts = [.. from member in status.Hosts
                        where only is null || member.Name == only
                        select new FenceListHost { Host = member.Name, Fencing = member.Fencing }],
        };
        if (call.Json)
            call.Print(list, CliJson.Default.FenceList);
        else
            new FenceView(call.Out, call.Ink, call.Terminal.Time).Write(list);
        return ExitCode.Done;
    }
}
