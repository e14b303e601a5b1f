using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Node;

namespace Mainstay.Cli.Tests;

/// <summary>Answers of an agent on a bad night.</summary>
internal static class Samples
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 2, 15, 0, TimeSpan.Zero);

    /// <summary>The agent's answer about a cluster of which nobody is silent.</summary>
    public static string Snapshot(ClusterView view) => Json(
        new SnapshotReply
        {
            Cluster = "east",
            Taken = Now,
            AnsweredBy = "n1",
            Version = "0.1.0",
            Unfit = new Dictionary<string, string>(),
            Entries = SnapshotText.Write(view),
        },
        ApiJson.Default.SnapshotReply);

    public static StatusReply Night { get; } = new()
    {
        Cluster = new()
        {
            Name = "east", Id = "6f1c", AnsweredBy = "n2", Version = "0.1.0", Armed = true, Profile = "balanced", Leader = "n2",
            Quorum = true, Revision = 4711, LastFailover = new() { Host = "n4", Guests = 3, Ms = 2410, Proofs = ["power"] },
        },
        Hosts =
        [
            Host("n1") with
            {
                State = "fencing", Why = "silent everywhere for 3.2 s; fence_ipmilan gave no answer", Agent = "silent",
                BeaconSilenceMs = 3200, LoadPercent = null, Guests = 1,
            },
            Host("n2") with { Leader = true, Guests = 2, UsedMiB = 2048, LoadPercent = 12 },
            Host("n3") with
            {
                Fencing = new() { Ready = false, Why = "at risk: no proof of death possible: no fence method", Methods = [] },
            },
        ],
        Guests =
        [
            Guest("db") with
            {
                State = "waiting", Host = "n1", Epoch = 4, Standing = StandingKind.NotProtected,
                Because = "its host n1 is silent and not yet proved dead",
            },
            Guest("mail") with
            {
                State = "stopped", Host = null, Desired = "stopped", Standing = StandingKind.NotProtected, Because = "stopped by anna",
            },
            Guest("web"),
            Guest("wiki") with { Standing = StandingKind.AtRisk, Because = "no other host has 1024 MiB free" },
        ],
        Warnings = [],
    };

    public static ExplainReply Web { get; } = new()
    {
        Guest = Guest("web") with { RecoveryBudgetMs = 30_000 },
        Why = "its host n1 was proved dead, power: read as off by fence_ipmilan",
        Decision = new()
        {
            Epoch = 3, Chosen = "n2", Because = "n1 was proved dead",
            Considered =
            [
                new()
                {
                    Host = "n2", Score = 10_812,
                    Parts = [Part("room", 840), Part("load", -8), Part("guests", -20), Part("preference", 10_000)],
                },
                new()
                {
                    Host = "n3", Score = 640,
                    Parts = [Part("room", 640)],
                },
                new() { Host = "n1", Score = 0, Rejected = "proved dead" },
            ],
        },
        Failures = [new() { Host = "n3", Error = "Cannot access storage file '/srv/web.qcow2'" }],
        Recoveries =
        [
            new()
            {
                Kind = "failover", Time = Now.AddSeconds(-82), Epoch = 3, Host = "n2", Lost = "n1", Proof = "power",
                Ms = new Dictionary<string, long>
                {
                    ["detect"] = 300, ["prove"] = 462, ["place"] = 4, ["start"] = 1419, ["whole"] = 2185,
                },
            },
            new()
            {
                Kind = "move", Epoch = 2, Host = "n1",
                Ms = new Dictionary<string, long> { ["place"] = 0, ["start"] = 12100 },
            },
        ],
        Outlook = ["n2 lost: it would run on n3", "n3 lost: nothing changes for it"],
        History =
        [
            Event(17, "n2", "GroupAssigned", "web assigned to n2"), Event(18, "n2", "GuestStarted", "web runs on n2 (epoch 3)"),
        ],
    };

    /// <summary>As the scenario <c>what-an-explanation-is-made-of</c> has it; the guide shows the page.</summary>
    public static ExplainReply Db1 { get; } = new()
    {
        Guest = Guest("db1") with { Host = "n1", Epoch = 1, MemoryMiB = 4096, Prefer = ["n2"] },
        Why = "protected on n1",
        Failures = [],
        Outlook = ["If n1 is lost, db1 is started on another host: there is room, and its death can be proved."],
        IfLost = new()
        {
            Epoch = 2, Chosen = "n2", Because = "what if",
            Considered =
            [
                new()
                {
                    Host = "n2", Score = 20_455,
                    Parts = [Part("room", 500), Part("load", -25), Part("preference", 20_000), Part("guests", -20)],
                },
                new()
                {
                    Host = "n5", Score = -9_900,
                    Parts = [Part("room", 125), Part("load", -15), Part("rules", -10_000), Part("guests", -10)],
                },
                new() { Host = "n1", Score = 0, Rejected = "it is to leave this host" },
                new() { Host = "n3", Score = 0, Rejected = "bridge br1: it does not exist there" },
                new() { Host = "n4", Score = 0, Rejected = "rule db-racks: db2 runs there" },
            ],
        },
        History = [],
    };

    private static ExplainedPart Part(string name, long points) => new() { Name = name, Points = points };

    public static string Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    public static string Status(StatusReply status) => Json(status, ApiJson.Default.StatusReply);

    public static string Reply(RequestOutcome outcome, string text) =>
        Json(new RequestReply { Outcome = outcome, Text = text }, ApiJson.Default.RequestReply);

    public static StatusReply WithGuest(string state, string? host, long epoch) =>
        Night with { Guests = [Guest("web") with { State = state, Host = host, Epoch = epoch }] };

    public static EventEntry Event(long seq, string host, string fact, string text) => new()
    {
        Seq = seq, Time = Now.AddSeconds(seq - 100), MonotonicMs = 1, Host = host, Fact = fact,
        Fields = new Dictionary<string, string> { ["host"] = host }, Text = text,
    };

    private static HostStatus Host(string name) => new()
    {
        Name = name, Number = 1, Addresses = ["10.0.0.1"], State = "online", Leader = false, Maintenance = false,
        Session = "00000000000000a1",
        Agent = "answers", HypervisorOk = true, MemoryMiB = 7980, UsedMiB = 1024, LoadPercent = 5, Guests = 1,
        Fencing = new()
        {
            Ready = true,
            Methods =
            [
                new()
                {
                    Name = "bmc", Agent = "fence_ipmilan",
                    Options = new Dictionary<string, string> { ["ip"] = "10.0.9.1", ["password"] = "(secret)" },
                    LastTest = Test("bmc"),
                },
            ],
        },
    };

    public static FenceTestResult Test(string method) => new()
    {
        Method = method, Agent = "fence_ipmilan", Ok = true, Power = "on", Text = "the power is on", Seconds = 0.21,
        At = Now.AddMinutes(-12), By = "n2",
    };

    private static GuestStatus Guest(string name) => new()
    {
        Name = name, Uuid = "f2d1", State = "running", Host = "n2", Epoch = 3, Phase = "claimed", Desired = "running",
        DesiredBy = "anna protected it", Standing = StandingKind.Protected, MemoryMiB = 1024,
    };
}
