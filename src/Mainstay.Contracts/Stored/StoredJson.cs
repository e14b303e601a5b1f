using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Stored;

/// <summary>Stored JSON: missing required members are errors, unknown ones are ignored (a newer version may have added them).</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowOutOfOrderMetadataProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StoredDocument))]
[JsonSerializable(typeof(StoreMarkDocument))]
[JsonSerializable(typeof(DiskStampDocument))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class StoredJson : JsonSerializerContext;
