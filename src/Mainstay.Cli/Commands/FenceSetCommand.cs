using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay fence set</c>: adds or replaces a fence method of a host.</summary>
internal sealed class FenceSetCommand : CliCommand
{
    private static readonly string[] SecretWords = ["passwd", "password", "pass", "secret", "token"];

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
        var (values, wrong) = Values(call, call.Parsed.GetValue(options) ?? []);
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

    private static (SortedDictionary<string, string> Values, string? Wrong) Values(Call call, string[] typed)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in typed)
        {
            var parts = text.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0)
                return (values, $"--option {(parts.Length < 2 ? text : "=…")}: write name=value, such as ip=10.0.9.1.");
            if (values.ContainsKey(parts[0]))
                return (values, $"--option {parts[0]} is given twice: give it once.");
            if (parts[1].Length > 0 && parts[1][0] is not '@' && parts[1] != "-" && IsSecret(parts[0]))
            {
                call.Progress($"Note: the value of {parts[0]} stands on the command line, where other users of this host can see it. "
                    + $"{parts[0]}=@FILE and {parts[0]}=- avoid that.");
            }

            switch (SecretText.From(call.Terminal, parts[0], parts[1]))
            {
                case SecretText.Read read:
                    values.Add(parts[0], read.Value);
                    break;
                case SecretText.Unreadable unreadable:
                    return (values, $"--option {unreadable.Why}");
            }
        }

        return (values, null);
    }

    private static bool IsSecret(string option) => option.Split('_', '-') is var words && words.Intersect(SecretWords).Any()
        && !words.Contains("script");
}
