using Google.Protobuf;
using Google.Protobuf.Collections;
using Mainstay.Engine.Ports;
using Mainstay.Store.Etcd.Wire;

namespace Mainstay.Store.Etcd.Client;

/// <summary>Translates between keys of the port and etcd's keys below the cluster's prefix.</summary>
internal sealed class EtcdKeys
{
    private readonly int prefixLength;
    private readonly string prefix;

    public EtcdKeys(string prefix)
    {
        this.prefix = prefix;
        First = ByteString.CopyFromUtf8(prefix);
        prefixLength = First.Length;
        // The prefix ends with '/', so the next byte value bounds everything below it.
        var end = First.ToByteArray();
        end[^1]++;
        End = UnsafeByteOperations.UnsafeWrap(end);
    }

    /// <summary>The first key below the prefix.</summary>
    public ByteString First { get; }

    /// <summary>The first key behind the prefix.</summary>
    public ByteString End { get; }

    public TxnRequest ToTxn(RawTransaction transaction)
    {
        var request = new TxnRequest();
        foreach (var guard in transaction.Guards)
            request.Compare.Add(new Compare
            {
                Key = ToKey(guard.Key),
                Result = Compare.Types.CompareResult.Equal,
                Target = Compare.Types.CompareTarget.Mod,
                ModRevision = guard.ModRevision,
            });
        foreach (var write in transaction.Writes)
            request.Success.Add(write.Value is { } value
                ? new RequestOp { RequestPut = new PutRequest { Key = ToKey(write.Key), Value = ByteString.CopyFrom(value.Span) } }
                : new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = ToKey(write.Key) } });
        return request;
    }

    public TxnRequest ToReads(IEnumerable<string> keys, long revision)
    {
        var request = new TxnRequest();
        foreach (var key in keys)
            request.Success.Add(new RequestOp { RequestRange = new RangeRequest { Key = ToKey(key), Revision = revision } });
        return request;
    }

    public static RawEntry ToEntry(string key, RepeatedField<KeyValue> found) =>
        found.Count == 0 ? new RawEntry(key, null, 0) : new RawEntry(key, found[0].Value.Memory, found[0].ModRevision);

    public RawEntry ToEntry(KeyValue stored) => new(ToName(stored.Key), stored.Value.Memory, stored.ModRevision);

    public RawEntry ToEntry(Event change) => change.Type == Event.Types.EventType.Delete
        ? new RawEntry(ToName(change.Kv.Key), null, change.Kv.ModRevision)
        : ToEntry(change.Kv);

    private ByteString ToKey(string name) => ByteString.CopyFromUtf8(prefix + name);

    private string ToName(ByteString key) => System.Text.Encoding.UTF8.GetString(key.Span[prefixLength..]);
}
