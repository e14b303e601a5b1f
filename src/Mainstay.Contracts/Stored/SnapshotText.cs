using System.Text.Json;
using System.Text.RegularExpressions;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Contracts.Stored;

/// <summary>The store as entries of a snapshot, and back. Secrets of fence methods, storages and definitions are blanked.</summary>
public static partial class SnapshotText
{
    // Nothing that it seals is secret any more.
    private static readonly byte[] OpenKey = new byte[32];

    public static IReadOnlyList<SnapshotEntry> Write(ClusterView view)
    {
        using var seal = new SecretSeal(OpenKey);
        var codec = new StoreCodec(seal);
        return
        [
            .. from entry in ClusterEntries.Of(view)
               let value = entry.Value ?? throw new InvalidOperationException($"{entry.Key} has no value.")
               select new SnapshotEntry
               {
                   Key = entry.Key.ToString(),
                   Revision = entry.ModRevision,
                   Value = JsonElement.Parse(codec.Encode(entry.Key, Blank(value))),
               },
        ];
    }

    /// <summary>The view that was written. Keys that this version does not know are left out.</summary>
    /// <exception cref="FormatException">A value cannot be read; the message names it.</exception>
    public static ClusterView Read(IEnumerable<SnapshotEntry> entries)
    {
        using var seal = new SecretSeal(OpenKey);
        var codec = new StoreCodec(seal);
        var view = ClusterView.Empty;
        foreach (var entry in entries)
        {
            if (!StoreKey.TryParse(entry.Key, out var key))
                continue;
            view = codec.Decode(key, JsonSerializer.SerializeToUtf8Bytes(entry.Value, StoredJson.Default.JsonElement)) switch
            {
                DecodedValue.Read read => view.With(new StoreEntry(key, read.Value, entry.Revision)),
                DecodedValue.Unreadable unreadable => throw new FormatException(unreadable.Why),
                _ => throw new InvalidOperationException("A value is read or unreadable."),
            };
        }

        return view;
    }

    private static StoreValue Blank(StoreValue value) => value switch
    {
        HostConfig host => host with
        {
            FenceMethods = host.FenceMethods.Select(method => method with { Options = Blank(method.Options) }).ToValueList(),
        },
        StorageConfig storage => storage with { Options = Blank(storage.Options) },
        GroupSpec group => group with { Definition = Password().Replace(group.Definition, "$1''") },
        _ => value,
    };

    private static ValueList<FenceOption> Blank(ValueList<FenceOption> options) =>
        options.Select(option => option.Secret ? option with { Value = "" } : option).ToValueList();

    [GeneratedRegex("""(\bpassw(?:or)?d\s*=\s*)(?:'[^']*'|"[^"]*")""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
