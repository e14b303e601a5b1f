namespace Mainstay.Contracts.Api;

/// <summary>
/// The addresses of the agent's API: HTTP over <c>/run/mainstay/agent.sock</c> for root of the host, HTTPS with a client certificate of the
/// cluster's authority on TCP 7780 for the other agents. Bodies are JSON as <see cref="ApiJson"/> describes.
/// An answer has status 200, or 400 (malformed), 404 (no such guest or host), 409 (refused), 503 (not a member yet),
/// 504 (no answer in time) with an <see cref="ErrorReply"/> or, for a request, a <see cref="RequestReply"/>.
/// </summary>
public static class ApiPaths
{
    /// <summary>The most events that one question may ask for.</summary>
    public const int MostEvents = 10_000;

    /// <summary>GET: <see cref="AgentReply"/>. Answered in every state, also before init and join.</summary>
    public const string Agent = "/v1/agent";

    /// <summary>POST <see cref="InitRequest"/>: <see cref="InitReply"/>. Local socket only.</summary>
    public const string Init = "/v1/init";

    /// <summary>POST <see cref="JoinRequest"/>: <see cref="JoinReply"/>. Local socket only.</summary>
    public const string Join = "/v1/join";

    /// <summary>POST <see cref="TokenRequest"/>: <see cref="TokenReply"/>.</summary>
    public const string Token = "/v1/token";

    /// <summary>GET: <see cref="StatusReply"/>.</summary>
    public const string Status = "/v1/status";

    /// <summary>
    /// GET: one <see cref="EventEntry"/> a line, of all hosts, ordered by wall time. Query: <c>follow=true</c> keeps the stream open
    /// (an empty line at least every 10 s shows that it lives), <c>last=N</c> (default 200), <c>guest=NAME</c>, <c>host=NAME</c>.
    /// </summary>
    public const string Events = "/v1/events";

    /// <summary>
    /// GET <c>/v1/explain/{guest}</c>: <see cref="ExplainReply"/>. Query: <c>on=HOST</c> asks whether it would start there now.
    /// </summary>
    public const string Explain = "/v1/explain";

    /// <summary>GET: <see cref="CheckReply"/>. Query: <c>profile=NAME</c> judges that one.</summary>
    public const string Check = "/v1/check";

    /// <summary>GET: <see cref="SnapshotReply"/>, what decisions stand on at this moment.</summary>
    public const string Snapshot = "/v1/snapshot";

    /// <summary>POST <see cref="CapacityRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Capacity = "/v1/requests/capacity";

    /// <summary>POST <see cref="ProtectRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Protect = "/v1/requests/protect";

    /// <summary>POST <see cref="ReleaseRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Release = "/v1/requests/release";

    /// <summary>POST <see cref="PolicyRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Policy = "/v1/requests/policy";

    /// <summary>POST <see cref="StartRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Start = "/v1/requests/start";

    /// <summary>POST <see cref="StopRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Stop = "/v1/requests/stop";

    /// <summary>POST <see cref="MoveRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Move = "/v1/requests/move";

    /// <summary>POST <see cref="ConfirmDeadRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string ConfirmDead = "/v1/requests/confirm-dead";

    /// <summary>POST <see cref="ArmRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Arm = "/v1/requests/arm";

    /// <summary>POST <see cref="ArmRequest"/> with a reason: <see cref="RequestReply"/>.</summary>
    public const string Disarm = "/v1/requests/disarm";

    /// <summary>POST <see cref="ProfileRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Profile = "/v1/requests/profile";

    /// <summary>POST <see cref="MaintenanceRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Maintenance = "/v1/requests/maintenance";

    /// <summary>POST <see cref="QuarantineRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Quarantine = "/v1/requests/quarantine";

    /// <summary>POST <see cref="OvercommitRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Overcommit = "/v1/requests/overcommit";

    /// <summary>POST <see cref="RuleSetRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string RuleSet = "/v1/requests/rule-set";

    /// <summary>POST <see cref="RuleRemoveRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string RuleRemove = "/v1/requests/rule-remove";

    /// <summary>POST <see cref="LabelRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string HostLabel = "/v1/requests/host-label";

    /// <summary>POST <see cref="LeaveRequest"/>: <see cref="RequestReply"/>. About the host that is asked.</summary>
    public const string Leave = "/v1/requests/leave";

    /// <summary>POST <see cref="RemoveRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string Remove = "/v1/requests/remove";

    /// <summary>POST <see cref="FenceSetRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string FenceSet = "/v1/requests/fence-set";

    /// <summary>POST <see cref="FenceRemoveRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string FenceRemove = "/v1/requests/fence-remove";

    /// <summary>POST <see cref="FenceTestRequest"/>: <see cref="FenceTestReply"/>. Reads the power, switches nothing. Up to 30 s.</summary>
    public const string FenceTest = "/v1/requests/fence-test";

    /// <summary>POST <see cref="StorageSetRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string StorageSet = "/v1/requests/storage-set";

    /// <summary>POST <see cref="StorageRemoveRequest"/>: <see cref="RequestReply"/>.</summary>
    public const string StorageRemove = "/v1/requests/storage-remove";

    /// <summary>POST <see cref="StorageTestRequest"/>: <see cref="StorageTestReply"/>. Cuts nobody off. Up to 30 s.</summary>
    public const string StorageTest = "/v1/requests/storage-test";

    /// <summary>GET: <see cref="WatchdogReply"/>.</summary>
    public const string Watchdog = "/v1/watchdog";

    /// <summary>POST <see cref="WatchdogMeasureRequest"/>: <see cref="RequestReply"/>. About the host that is asked; resets it.</summary>
    public const string WatchdogMeasure = "/v1/requests/watchdog-measure";

    /// <summary>
    /// GET, between agents: <see cref="AuthorityReply"/>, the public certificate that a join token pins. No client certificate.
    /// </summary>
    public const string Authority = "/v1/authority";

    /// <summary>POST, between agents: <see cref="AdmitRequest"/>: <see cref="AdmitReply"/>. Protected by the join token.</summary>
    public const string Admit = "/v1/admit";

    /// <summary>GET, between agents: <see cref="LocalReply"/>, what this host sees of itself.</summary>
    public const string Local = "/v1/local";

    /// <summary>GET, between agents: the journal of one host as <see cref="Events"/> gives it for all.</summary>
    public const string Journal = "/v1/journal";

    /// <summary>
    /// POST, between agents: a request about a guest of that host, <c>/v1/forwarded/{verb}</c> with the body of the request.
    /// </summary>
    public const string Forwarded = "/v1/forwarded";
}
