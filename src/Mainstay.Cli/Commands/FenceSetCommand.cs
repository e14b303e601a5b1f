using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay fence set</c>: adds or replaces a fence method of a host.</summary>
internal sealed class FenceSetCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "The host that the method switches off." };
    private readonly Option<string> agent = new("--agent")
    {
        Description = "The fence agent, such as fence_ipmilan.", HelpName = "AGENT", Required = true,
    };

    private readonly Option<string?> method = new("--name")
    {
        Description = "The method's name; a host can have several, tried in the order they were set [default: the agent's name].",
        HelpName = "NAME",
    };

    private readonly Option<string[]> options = new("--option")
    {
        Description = "An option of the agent, name=value. Secrets need not stand on the command line: name=@FILE takes the value from a "
            + "file, name=- from standard input (asked for without echo on a terminal), name=@@x means the value @x.",
        HelpName = "NAME=VALUE",
    };

    public FenceSetCommand(Terminal terminal)
        : base(
            terminal,
            "set",
            "Add a fence method to a host, or replace the one of the same name. Options are checked against the agent's own description.",
            TimeSpan.FromSeconds(30))
    {
        Arguments.Add(host);
        Options.Add(agent);
        Options.Add(method);
        Options.Add(options);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new(
            "mainstay fence set n1 --agent fence_ipmilan --option ip=10.0.9.1 --option username=admin --option password=-",
            "A BMC; the password is asked for."),
        new(
            "mainstay fence set n1 --name pdu --agent fence_apc_snmp --option ip=10.0.9.9 --option plug=4",
            "A switched power outlet as a second method."),
        new(
            "mainstay fence set n1 --agent fence_ipmilan --option ip=10.0.9.1 --option password=@bmc.pass",
            "The password from a file."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (values, wrong) = OptionValues.Read(call, call.Parsed.GetValue(options) ?? []);
        if (wrong is not null)
            return call.Fail(CliFailure.Usage(wrong));
        var request = new FenceSetRequest
        {
            Host = call.Parsed.GetRequiredValue(host),
            Name = call.Parsed.GetValue(method),
            Agent = call.Parsed.GetRequiredValue(agent),
            Options = values,
        };
        return await call.Request(ApiPaths.FenceSet, request, ApiJson.Default.FenceSetRequest, cancel);
    }
}
