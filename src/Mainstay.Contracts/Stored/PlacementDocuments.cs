using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Stored;

internal sealed record RulesDocument(RuleDocument[] Rules) : StoredDocument;

internal sealed record RuleDocument(
    string Name, string Rule, string[] Groups, string? By = null, int? Limit = null, LabelDocument[]? Hosts = null, bool Should = false);

internal sealed record LabelDocument(string Key, string Value);

internal sealed record OfferDocument(
    string Session, int Cpus, PageOfferDocument[] Pages, string[] Has, MissingDocument[] Lacks) : StoredDocument;

internal sealed record PageOfferDocument(
    [property: JsonPropertyName("size_kib")] long SizeKiB,
    [property: JsonPropertyName("total_mib")] long TotalMiB,
    [property: JsonPropertyName("used_mib")] long UsedMiB);

internal sealed record MissingDocument(string Item, string Why);

internal sealed record NeedsDocument(
    int Vcpus, [property: JsonPropertyName("overhead_mib")] long OverheadMiB, PageNeedDocument[] Pages, string[] Items);

internal sealed record PageNeedDocument(
    [property: JsonPropertyName("size_kib")] long SizeKiB, [property: JsonPropertyName("mib")] long MiB);

internal sealed record PartDocument(string Name, long Points);
