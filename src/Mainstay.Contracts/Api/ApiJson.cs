using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Api;

/// <summary>The API's JSON: snake_case names, unknown members ignored (rolling upgrades), nulls written, one line.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentReply))]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(InitRequest))]
[JsonSerializable(typeof(InitReply))]
[JsonSerializable(typeof(JoinRequest))]
[JsonSerializable(typeof(JoinReply))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(EventEntry))]
[JsonSerializable(typeof(ExplainReply))]
[JsonSerializable(typeof(SnapshotReply))]
[JsonSerializable(typeof(CapacityRequest))]
[JsonSerializable(typeof(CheckReply))]
[JsonSerializable(typeof(RequestReply))]
[JsonSerializable(typeof(ProtectRequest))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(ConfirmDeadRequest))]
[JsonSerializable(typeof(ArmRequest))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(MaintenanceRequest))]
[JsonSerializable(typeof(QuarantineRequest))]
[JsonSerializable(typeof(LeaveRequest))]
[JsonSerializable(typeof(RemoveRequest))]
[JsonSerializable(typeof(FenceSetRequest))]
[JsonSerializable(typeof(FenceRemoveRequest))]
[JsonSerializable(typeof(FenceTestRequest))]
[JsonSerializable(typeof(FenceTestReply))]
[JsonSerializable(typeof(StorageSetRequest))]
[JsonSerializable(typeof(StorageRemoveRequest))]
[JsonSerializable(typeof(StorageTestRequest))]
[JsonSerializable(typeof(StorageTestReply))]
[JsonSerializable(typeof(WatchdogReply))]
[JsonSerializable(typeof(WatchdogMeasureRequest))]
[JsonSerializable(typeof(WatchdogMeasurement))]
[JsonSerializable(typeof(AuthorityReply))]
[JsonSerializable(typeof(AdmitRequest))]
[JsonSerializable(typeof(AdmitReply))]
[JsonSerializable(typeof(LocalReply))]
public sealed partial class ApiJson : JsonSerializerContext;
