using System.Globalization;
using System.Text.Json;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Stored;

/// <summary>The form of <see cref="StoreMark"/> on a host's disk.</summary>
public static class StoreMarkText
{
    public static byte[] Write(StoreMark mark, string clusterId) => JsonSerializer.SerializeToUtf8Bytes(
        new StoreMarkDocument(
            1,
            clusterId,
            mark.StoreId,
            mark.Revision,
            mark.Incarnation,
            mark.Boot.Text,
            mark.Session?.ToString(),
            [.. mark.Hosts.Select(h => new KnownHostDocument(
                h.Host.Name, h.Config.Number, [.. h.Config.Addresses], h.Config.ApiPort, h.Config.Maintenance, h.Config.Witness))],
            [.. mark.Spent.Select(c => new CutOffDocument(c.Session.Host.Name, c.Session.Session.ToString(), [.. c.Storages]))]),
        StoredJson.Default.StoreMarkDocument);

    /// <summary>
    /// Null when it belongs to another cluster, which this host was a member of before, or when the text is damaged; then
    /// <paramref name="damage"/> says how.
    /// </summary>
    public static StoreMark? Read(ReadOnlySpan<byte> text, string clusterId, out string? damage)
    {
        damage = null;
        try
        {
            if (JsonSerializer.Deserialize(text, StoredJson.Default.StoreMarkDocument) is { } document)
                return document.Cluster == clusterId ? Read(document) : null;
            damage = "it is empty";
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException or NotSupportedException)
        {
            damage = damaged.Message;
        }

        return null;
    }

    private static StoreMark Read(StoreMarkDocument document) => new(
        document.StoreId,
        document.Revision,
        document.Incarnation,
        new BootId(document.Boot),
        document.Session is null ? null : Session(document.Session),
        document.Hosts.Select(h => new KnownHost(
            new HostId(h.Name),
            new HostConfig(h.Number, [.. h.Addresses], h.ApiPort, [], h.Maintenance) { Witness = h.Witness })).ToValueList())
    {
        Spent = (document.CutOffs ?? [])
            .Select(c => new SpentSession(new HostSession(new HostId(c.Host), Session(c.Session)), [.. c.Storages])).ToValueList(),
    };

    private static SessionId Session(string text) => SessionId.TryParse(text, out var session)
        ? session
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is no session number"));
}

internal sealed record StoreMarkDocument(
    int Schema, string Cluster, string StoreId, long Revision, long Incarnation, string Boot, string? Session, KnownHostDocument[] Hosts,
    CutOffDocument[]? CutOffs = null);

internal sealed record CutOffDocument(string Host, string Session, string[] Storages);

internal sealed record KnownHostDocument(string Name, int Number, string[] Addresses, int ApiPort, bool Maintenance, bool Witness);
