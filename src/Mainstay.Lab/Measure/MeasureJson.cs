using System.Text.Json.Serialization;
using Mainstay.Lab.Bench;
using Mainstay.Lab.Demo;
using Mainstay.Lab.Soak;

namespace Mainstay.Lab.Measure;

/// <summary>The JSON of demonstration and benchmarks; what was not measured is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(FailoverReport))]
[JsonSerializable(typeof(HarmlessReport))]
[JsonSerializable(typeof(OrchestrationReport))]
[JsonSerializable(typeof(IdleReport))]
[JsonSerializable(typeof(SoakReport))]
internal sealed partial class MeasureJson : JsonSerializerContext;
