using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay token</c>: makes a new join token.</summary>
internal sealed class TokenCommand : CliCommand
{
    private readonly Option<TimeSpan> valid = Durations.Option("--valid", "How long it may be used, 1m to 7d [default: 60m].");

    public TokenCommand(Terminal terminal)
        : base(terminal, "token", "Make a join token. Who has it can become a member: hand it over like a password.", Brief)
    {
        valid.DefaultValueFactory = _ => TimeSpan.FromMinutes(60);
        Options.Add(valid);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay token", "A token for the next hour, with the line to type on the new host."),
        new("mainstay token --valid 5m", "One that is worthless in five minutes."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var life = call.Parsed.GetValue(valid);
        var minutes = life.TotalMinutes;
        if (minutes is < 1 or > 10_080)
            return call.Fail(CliFailure.Usage($"--valid {DurationText.Type(life)}: a token lives between 1m and 7d."));
        var answer = await call.Agent.Post(
            ApiPaths.Token,
            new TokenRequest { ValidMinutes = (int)minutes },
            ApiJson.Default.TokenRequest,
            ApiJson.Default.TokenReply,
            call.Limit,
            cancel);
        return call.Finish(
            answer,
            ApiJson.Default.TokenReply,
            _ => ExitCode.Done,
            reply => JoinLine.Write(call, reply.Addresses, reply.Token, reply.Expires));
    }
}
