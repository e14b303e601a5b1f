using System.Text.Json;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Joining;

/// <summary>The join tokens that may be used, all under one key of the store, each as a hash with its expiry. Expired ones go.</summary>
internal sealed class TokenRecords(IClusterStore store)
{
    public const string Key = "join-tokens";
    private const int Attempts = 5;

    /// <summary>The most that may be valid at the same time.</summary>
    private const int Most = 1000;

    /// <summary>Adds one and removes what has expired. An <see cref="AgentException"/> says why it was not kept.</summary>
    public async Task Keep(JoinToken token, DateTimeOffset now, CancellationToken cancel)
    {
        var why = "others changed the tokens at the same time";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var entry = await Read(cancel).ConfigureAwait(false);
            var valid = Valid(entry, now);
            if (valid.Count >= Most)
                throw new AgentException($"{valid.Count} tokens are valid already; wait until some expire");
            valid[token.Id] = new StoredToken(JoinToken.HashOf(token.Secret), token.Expires);
            switch (await Write(entry, valid, cancel).ConfigureAwait(false))
            {
                case RawOutcome.Applied:
                    return;
                case RawOutcome.Unknown unknown:
                    why = unknown.Why;
                    break;
            }
        }

        throw new AgentException($"the token could not be kept: {why}; ask again");
    }

    /// <summary>Null when there is none of that name; one that has expired may still be found.</summary>
    public async Task<StoredToken?> Find(string id, CancellationToken cancel) =>
        Parse(await Read(cancel).ConfigureAwait(false)).GetValueOrDefault(id);

    /// <summary>Removes what has expired; what somebody else changes at the same time is left for the next time.</summary>
    public async Task Tidy(DateTimeOffset now, CancellationToken cancel)
    {
        if (await store.Read([Key], cancel).ConfigureAwait(false) is not Observed<RawSnapshot>.Known { Value.Entries: [var entry] })
            return;
        var valid = Valid(entry, now);
        if (valid.Count < Parse(entry).Count)
            await Write(entry, valid, cancel).ConfigureAwait(false);
    }

    private static SortedDictionary<string, StoredToken> Valid(RawEntry entry, DateTimeOffset now) => new(
        Parse(entry).Where(t => t.Value.Expires > now.ToUnixTimeSeconds()).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private static Dictionary<string, StoredToken> Parse(RawEntry entry) =>
        entry.Value is { } bytes ? JsonSerializer.Deserialize(bytes.Span, JoinJson.Default.DictionaryStringStoredToken) ?? [] : [];

    private Task<RawOutcome> Write(RawEntry old, SortedDictionary<string, StoredToken> tokens, CancellationToken cancel)
    {
        var bytes = tokens.Count == 0
            ? (ReadOnlyMemory<byte>?)null
            : JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, StoredToken>(tokens), JoinJson.Default.DictionaryStringStoredToken);
        return store.Commit(new RawTransaction([new RawGuard(Key, old.ModRevision)], [new RawWrite(Key, bytes)]), cancel);
    }

    private async Task<RawEntry> Read(CancellationToken cancel) => await store.Read([Key], cancel).ConfigureAwait(false) switch
    {
        Observed<RawSnapshot>.Known known => known.Value.Entries[0],
        Observed<RawSnapshot>.Unknown unknown =>
            throw new AgentException($"the store does not answer: {unknown.Why}; try again when it has quorum"),
    };
}
