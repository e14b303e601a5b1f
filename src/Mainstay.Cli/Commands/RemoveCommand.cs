using System.CommandLine;
using Mainstay.Cli.Agent;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay remove</c>: takes a host out of the cluster for good.</summary>
internal sealed class RemoveCommand : CliCommand
{
    private readonly Argument<string> host = new("HOST") { Description = "A member that is proved dead, or alive and drained." };

    private readonly Option<bool> force = new("--force")
    {
        Description = "Also a live host that is not in maintenance. It may own no guest, and no death is taken as proved, in any case.",
    };

    public RemoveCommand(Terminal terminal)
        : base(terminal, "remove", "Take a dead or drained host out of the cluster for good.", Brief)
    {
        Arguments.Add(host);
        Options.Add(force);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("mainstay remove n3", "n3 is fenced and will not come back."),
        new("mainstay maintenance n3 on && mainstay remove n3", "n3 lives, and its guests were moved away."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var name = call.Parsed.GetRequiredValue(host);
        var request = new RemoveRequest { Host = name, Force = call.Parsed.GetValue(force) };
        var answer = await call.Ask(ApiPaths.Remove, request, ApiJson.Default.RemoveRequest, cancel);
        var exit = call.Finish(answer, ApiJson.Default.RequestReply, Call.ExitOf, call.Show);
        if (exit == ExitCode.Done)
        {
            call.Progress($"{name} still has the keys of the cluster. On {name}, if it lives or before it is given away:");
            call.Progress("  systemctl disable --now mainstay-agent mainstay-beacon");
            call.Progress("  rm -r /etc/mainstay /var/lib/mainstay /etc/libvirt/hooks/qemu.d/50-mainstay");
        }

        return exit;
    }
}
