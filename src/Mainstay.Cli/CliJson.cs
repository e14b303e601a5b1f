using System.Text.Json;
using System.Text.Json.Serialization;
using Mainstay.Cli.Config;

namespace Mainstay.Cli;

/// <summary>
/// The JSON of the documents that the program itself makes; answers of the agent are printed as <c>ApiJson</c> writes them.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(FenceList))]
[JsonSerializable(typeof(StorageList))]
[JsonSerializable(typeof(RuleList))]
[JsonSerializable(typeof(HostList))]
[JsonSerializable(typeof(OrderList))]
[JsonSerializable(typeof(AppList))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(FuzzReport))]
[JsonSerializable(typeof(SimulatorReport))]
[JsonSerializable(typeof(SoakReport))]
[JsonSerializable(typeof(PlacementReport))]
[JsonSerializable(typeof(SnapshotReport))]
[JsonSerializable(typeof(WhatIfReport))]
[JsonSerializable(typeof(CapacityReport))]
[JsonSerializable(typeof(BalanceReport))]
[JsonSerializable(typeof(ConfigReport))]
[JsonSerializable(typeof(ConfigErrors))]
[JsonSerializable(typeof(ConfigExported))]
internal sealed partial class CliJson : JsonSerializerContext;
