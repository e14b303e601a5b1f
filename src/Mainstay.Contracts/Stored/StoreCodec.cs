using System.Text.Json;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Stored;

/// <summary>The stored form of the cluster's facts: one JSON document a key, secrets sealed.</summary>
public sealed class StoreCodec(SecretSeal seal)
{
    public byte[] Encode(StoreKey key, StoreValue value) =>
        JsonSerializer.SerializeToUtf8Bytes(StoredWriter.Write(key, value, seal), StoredJson.Default.StoredDocument);

    public DecodedValue Decode(StoreKey key, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var document = JsonSerializer.Deserialize(bytes, StoredJson.Default.StoredDocument);
            if (document is null)
                return new DecodedValue.Unreadable($"{key}: the value is null");
            if (document.Schema > StoredDocument.Newest)
                return new DecodedValue.Unreadable($"{key}: schema {document.Schema} was written by a newer version; upgrade this agent");
            if (!Fits(key, document))
                return new DecodedValue.Unreadable($"{key}: holds a {document.GetType().Name} that does not belong there");
            return new DecodedValue.Read(StoredReader.Read(key, document, seal));
        }
        catch (JsonException e)
        {
            return new DecodedValue.Unreadable($"{key}: {e.Message}");
        }
        catch (FormatException e)
        {
            return new DecodedValue.Unreadable($"{key}: {e.Message}");
        }
        catch (NotSupportedException)
        {
            return new DecodedValue.Unreadable($"{key}: the document has no 'kind'");
        }
    }

    private static bool Fits(StoreKey key, StoredDocument document) => key switch
    {
        StoreKey.Cluster => document is ClusterDocument,
        StoreKey.Leader => document is LeaderDocument,
        StoreKey.Host => document is HostDocument,
        StoreKey.Session => document is SessionDocument,
        StoreKey.Fence => document is FenceDocument,
        StoreKey.Group => document is GroupDocument,
        StoreKey.Ownership => document is OwnershipDocument,
        StoreKey.Load => document is LoadDocument,
        StoreKey.Decision => document is DecisionDocument,
        StoreKey.Keepers => document is KeepersDocument,
        StoreKey.Keeper => document is KeeperDocument,
        StoreKey.Adoption => document is AdoptionDocument,
        StoreKey.Sighting => document is SightingDocument,
        StoreKey.Storage => document is StorageDocument,
        StoreKey.Quarantine => document is QuarantineDocument,
        StoreKey.Arrival => document is ArrivalDocument,
        StoreKey.Rules => document is RulesDocument,
        StoreKey.Offer => document is OfferDocument,
        StoreKey.Recovery => document is RecoveryDocument,
        _ => throw new InvalidOperationException($"The codec does not know the key {key}."),
    };
}
