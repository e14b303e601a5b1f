using System.Text.Json.Serialization;

namespace Mainstay.Lab.Control;

/// <summary>The lab's own JSON: its options on disk, its control lines, its status.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LabOptions))]
[JsonSerializable(typeof(LabRequest))]
[JsonSerializable(typeof(LabReply))]
[JsonSerializable(typeof(LabStatus))]
internal sealed partial class LabJson : JsonSerializerContext;
