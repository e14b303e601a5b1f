using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay join</c>: makes this host a member of an existing cluster.</summary>
internal sealed class JoinCommand : CliCommand
{
    private readonly Argument<string> address = new("ADDRESS")
    {
        Description = "An address or name of any member, with :PORT when it is not 7780.",
    };

    private readonly Argument<string> token = new("TOKEN")
    {
        Description = "The token that 'mainstay init' or 'mainstay token' printed; @FILE reads it from a file, - from standard input.",
    };

    private readonly Option<bool> witness = new("--witness")
    {
        Description = "As a small third machine that votes, observes and keeps leases, but never runs guests; it needs no libvirt.",
    };

    private readonly MemberOptions member;

    public JoinCommand(Terminal terminal)
        : base(terminal, "join", "Make this host a member of an existing cluster.", TimeSpan.FromSeconds(90))
    {
        Arguments.Add(address);
        Arguments.Add(token);
        Options.Add(witness);
        member = new MemberOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay join 10.0.0.1 TOKEN", "Join the cluster of 10.0.0.1."),
        new("mainstay join 10.0.0.1 - --address 10.0.0.2 < token", "Take the token from standard input, so that no process list shows it."),
        new("mainstay join 10.0.0.1 TOKEN --witness", "Make a small machine without guests the third voice beside two hosts."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        switch (SecretText.From(call.Terminal, "token", call.Parsed.GetRequiredValue(token)))
        {
            case SecretText.Unreadable unreadable:
                return call.Fail(CliFailure.Usage(unreadable.Why));
            case SecretText.Read read:
                return await Join(call, read.Value, cancel);
            default:
                throw new InvalidOperationException("No such secret.");
        }
    }

    private async Task<int> Join(Call call, string secret, CancellationToken cancel)
    {
        var at = call.Parsed.GetRequiredValue(address);
        call.Progress($"Joining the cluster of {at} …");
        var request = new JoinRequest
        {
            Address = at,
            Token = secret,
            Host = call.Parsed.GetValue(member.Host),
            Addresses = call.Parsed.GetValue(member.Addresses) ?? [],
            Witness = call.Parsed.GetValue(witness),
        };
        var answer = await call.Agent.Post(
            ApiPaths.Join, request, ApiJson.Default.JoinRequest, ApiJson.Default.JoinReply, call.Limit, cancel);
        return call.Finish(answer, ApiJson.Default.JoinReply, _ => ExitCode.Done, reply => call.Out.WriteLine(Ink.Clean(
            $"{reply.Host} is {(reply.Witness ? "the witness, " : "")}member {reply.Number} of cluster {reply.Cluster} "
            + $"({reply.StoreRole} of the store). See: mainstay status")));
    }
}
