using System.CommandLine;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Commands;

/// <summary><c>mainstay storage set</c>: names a storage that hosts can be cut off from.</summary>
internal sealed class StorageSetCommand : CliCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "The storage's name in the cluster." };
    private readonly Option<string> agent = new("--agent")
    {
        Description = "How hosts are cut off: tgt, scsi-pr, nfs4 or ceph.", HelpName = "AGENT", Required = true,
    };

    private readonly Option<string[]> options = new("--option")
    {
        Description = "An option of the agent, name=value. client.HOST says what the storage knows a host as: addresses or initiator "
            + "names, separated by commas. ssh=USER@MACHINE runs the tools there.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string[]> covers = new("--covers")
    {
        Description = "What lies on it: a path, or a source such as iscsi:iqn.2026-11.lab:shared or rbd:pool. Whatever begins so.",
        HelpName = "PREFIX",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public StorageSetCommand(Terminal terminal)
        : base(terminal, "set", "Name a storage that single hosts can be cut off from, or replace the one of that name.", Brief)
    {
        agent.OnlyFrom("tgt", "scsi-pr", "nfs4", "ceph");
        Arguments.Add(name);
        Options.Add(agent);
        Options.Add(options);
        Options.Add(covers);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new(
            "mainstay storage set san --agent tgt --option target=iqn.2026-11.lab:shared --option ssh=root@san "
                + "--option client.n1=10.2.0.1 --option client.n2=10.2.0.2 --covers iscsi:iqn.2026-11.lab:shared",
            "An iSCSI target; the tools run on it over ssh."),
        new(
            "mainstay storage set lun7 --agent scsi-pr --option devices=/dev/disk/by-path/a,/dev/disk/by-path/b --covers /dev/mapper/lun7",
            "A disk with persistent reservations, over two paths."),
        new(
            "mainstay storage set nas --agent nfs4 --option set=inet/mainstay/denied --option ssh=root@nas --option client.n1=10.2.0.1 "
                + "--covers /srv/guests",
            "A Linux file server."),
        new(
            "mainstay storage set rbd --agent ceph --option user=client.mainstay --option client.n1=10.2.0.1 --covers rbd:guests",
            "A pool of a Ceph cluster."),
    ];

    protected override async Task<int> Run(Call call, CancellationToken cancel)
    {
        var (values, wrong) = OptionValues.Read(call, call.Parsed.GetValue(options) ?? []);
        if (wrong is not null)
            return call.Fail(CliFailure.Usage(wrong));
        var request = new StorageSetRequest
        {
            Name = call.Parsed.GetRequiredValue(name),
            Agent = call.Parsed.GetRequiredValue(agent),
            Options = values,
            Covers = call.Parsed.GetRequiredValue(covers),
        };
        return await call.Request(ApiPaths.StorageSet, request, ApiJson.Default.StorageSetRequest, cancel);
    }
}
