using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay init</c>: founds a cluster with this host as its first.</summary>
internal sealed class InitCommand : CliCommand
{
    private readonly Option<string> cluster = new("--cluster")
    {
        Description = "The cluster's name, shown in the status.", HelpName = "NAME", DefaultValueFactory = _ => "mainstay",
    };

    private readonly MemberOptions member;

    public InitCommand(Terminal terminal)
        : base(terminal, "init", "Found a cluster with this host as its first member.", TimeSpan.FromSeconds(60))
    {
        Options.Add(cluster);
        member = new MemberOptions(this);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay init", "Found a cluster; prints the line to type on the other hosts."),
        new("mainstay init --cluster east --address 10.0.0.1 --address 192.168.7.1", "Name it and its two networks."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        call.Progress("Founding the cluster …");
        var request = new InitRequest
        {
            Cluster = call.Parsed.GetRequiredValue(cluster),
            Host = call.Parsed.GetValue(member.Host),
            Addresses = call.Parsed.GetValue(member.Addresses) ?? [],
        };
        var answer = await call.Agent.Post(
            ApiPaths.Init, request, ApiJson.Default.InitRequest, ApiJson.Default.InitReply, call.Limit, cancel);
        return call.Finish(answer, ApiJson.Default.InitReply, _ => ExitCode.Done, reply => Show(call, reply));
    }

    private static void Show(Call call, InitReply reply)
    {
        call.Out.WriteLine($"Cluster {Ink.Clean(reply.Cluster)} exists; {Ink.Clean(reply.Host)} is its first member.");
        call.Out.WriteLine();
        JoinLine.Write(call, reply.Addresses, reply.Token, reply.TokenExpires);
        call.Out.WriteLine();
        call.Out.WriteLine("Then say how a dead host is proved dead:   mainstay fence set HOST --agent fence_ipmilan --option ip=…");
        call.Out.WriteLine("and which guests are to survive:           mainstay protect --all");
    }
}
