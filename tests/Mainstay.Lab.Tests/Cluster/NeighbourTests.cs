using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>Mainstay lives beside what was on a host before it.</summary>
[Collection("cluster")]
public sealed class NeighbourTests(ClusterLab cluster)
{
    private const string Data = "--data-dir=/run/other-etcd";

    private const string Start = $$"""
        for port in 2379 2380; do set -- "$@" "http://127.0.0.1:$port"; done
        setsid etcd --name=other {{Data}} --listen-client-urls="$1" --advertise-client-urls="$1" --listen-peer-urls="$2" \
          --initial-advertise-peer-urls="$2" --initial-cluster="other=$2" </dev/null >/run/other-etcd.log 2>&1 &
        """;

    [Fact]
    public Task An_etcd_service_of_its_own_is_left_alone_when_agent_and_store_die() => cluster.Play(async stage =>
    {
        var (host, _) = await stage.Victim();
        await stage.Exec(host, "sh", "-c", Start);
        try
        {
            await stage.Until(async () => (await Tool(stage, host, "put", "key", "theirs")).Code == 0, "their etcd takes a key");
            var theirs = Assert.Single(Theirs(stage, host));
            var ours = Assert.Single(stage.Processes(host, LabProcess.Etcd), pid => pid != theirs);
            await stage.Lab.KillProcess(host, LabProcess.Agent, stage.Cancel);
            await stage.Facts.Until("AgentResumed", host);
            Posix.Signal(ours, Posix.Kill);
            await stage.WaitUntilWhole();
            Assert.Equal(theirs, Assert.Single(Theirs(stage, host)));
            Assert.Contains("theirs", (await Tool(stage, host, "get", "key")).Output, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var pid in Theirs(stage, host))
                Posix.Signal(pid, Posix.Kill);
        }
    });

    private static Task<CommandOutcome.Exited> Tool(Stage stage, string host, params string[] words) =>
        stage.Exec(host, ["env", "ETCDCTL_API=3", "etcdctl", "--endpoints=http://127.0.0.1:2379", "--command-timeout=2s", .. words]);

    private static IReadOnlyList<int> Theirs(Stage stage, string host) =>
        [.. stage.Processes(host, LabProcess.Etcd).Where(pid => ProcessTable.CommandLine(pid).Contains(Data))];
}
