using System.Reflection;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay version</c>: the versions of program and agent.</summary>
internal sealed class VersionCommand(Terminal terminal)
    : CliCommand(terminal, "version", "Show the version of this program and of this host's agent.", TimeSpan.FromSeconds(2))
{
    /// <summary>Without the commit that the build appends after '+'.</summary>
    public static string Own { get; } =
        (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0")
        .Split('+')[0];

    public override IReadOnlyList<Example> Examples { get; } =
        [new("mainstay version", "Both versions; also says whether the agent answers.")];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var report = await call.Agent.Get(ApiPaths.Agent, ApiJson.Default.AgentReply, call.Limit, cancel) switch
        {
            ApiAnswer<AgentReply>.Given given => new VersionReport { Version = Own, Agent = given.Value },
            ApiAnswer<AgentReply>.Failed failed => new VersionReport { Version = Own, AgentWhy = failed.Failure.Text },
        };
        if (call.Json)
            call.Print(report, CliJson.Default.VersionReport);
        else
            Show(call, report);
        return ExitCode.Done;
    }

    private static void Show(Call call, VersionReport report)
    {
        call.Out.WriteLine($"mainstay  {report.Version}");
        call.Out.WriteLine(Ink.Clean(report.Agent is { } agent
            ? $"agent     {agent.Version}  {agent.State}"
                + (agent.Host is null ? "" : $", host {agent.Host} of cluster {agent.Cluster}")
                + (agent.Why is null ? "" : $": {agent.Why}")
            : $"agent     no answer: {report.AgentWhy}"));
    }
}
