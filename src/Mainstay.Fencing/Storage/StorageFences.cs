using System.Collections.Immutable;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing.Storage;

/// <summary>Storage fencing through the storages' own tools, each kind an agent by name.</summary>
public sealed class StorageFences : IStorageFence
{
    private static readonly ImmutableSortedDictionary<string, StorageAgent> Agents = new Dictionary<string, StorageAgent>
    {
        ["ceph"] = new CephAgent(),
        ["nfs4"] = new Nfs4Agent(),
        ["scsi-pr"] = new ScsiPrAgent(),
        ["tgt"] = new TgtAgent(),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ValueList<StorageOption> Everywhere =
    [
        new("ssh", false, "user@machine to run the tools on; here when it is not given"),
        new("ssh_identity", false, "the file of the private key for it"),
    ];

    private readonly Func<StorageTarget?> self;
    private readonly ValueList<string> directories;

    /// <param name="self">This host with its session; null while it has none.</param>
    /// <param name="directories">Where tools are looked for, in order.</param>
    public StorageFences(Func<StorageTarget?> self, params ReadOnlySpan<string> directories) =>
        (this.self, this.directories) =
            (self, directories.IsEmpty ? ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] : ValueList.Create(directories));

    public async Task<RevokeOutcome> Revoke(
        StorageTarget target, StorageConfig storage, ValueList<string> volumes, TimeSpan limit, CancellationToken cancel) =>
        Find(storage) is { } agent
            ? await agent.Revoke(Call(target, storage, limit), cancel).ConfigureAwait(false)
            : new RevokeOutcome.Unknown(NoAgent(storage));

    public async Task<RestoreOutcome> Restore(StorageTarget target, StorageConfig storage, TimeSpan limit, CancellationToken cancel) =>
        Find(storage) is { } agent
            ? await agent.Restore(Call(target, storage, limit), cancel).ConfigureAwait(false)
            : new RestoreOutcome.Failed(NoAgent(storage));

    public async Task<StorageReading> Test(StorageTarget target, StorageConfig storage, TimeSpan limit, CancellationToken cancel) =>
        Find(storage) is { } agent
            ? await agent.Read(Call(target, storage, limit), cancel).ConfigureAwait(false)
            : new StorageReading.Unknown(NoAgent(storage));

    public StorageCheck Check(StorageConfig storage)
    {
        if (Find(storage) is not { } agent)
            return new StorageCheck.Invalid([NoAgent(storage)]);
        var (known, findings) = (agent.Options.Concat(Everywhere).ToArray(), new List<string>());
        foreach (var option in storage.Options)
        {
            if (option.Value.Length == 0)
                findings.Add($"option {option.Name} is empty; give it a value or leave it out");
            if (!option.Name.StartsWith(StorageAgent.ClientPrefix, StringComparison.Ordinal) && known.All(k => k.Name != option.Name))
                findings.Add($"{storage.Agent} has no option '{option.Name}'; it has {Names(agent, known)}");
        }

        findings.AddRange(known.Where(k => k.Required && storage.Options.All(o => o.Name != k.Name))
            .Select(k => $"{storage.Agent} needs option {k.Name} ({k.Meaning})"));
        if (agent.NeedsClients && !storage.Options.Any(o => o.Name.StartsWith(StorageAgent.ClientPrefix, StringComparison.Ordinal)))
            findings.Add($"{storage.Agent} needs client.HOST for every host: what the storage knows it as");
        findings.AddRange(agent.Findings(storage));
        return findings.Count == 0 ? new StorageCheck.Valid(storage) : new StorageCheck.Invalid(findings.ToValueList());
    }

    private StorageCall Call(StorageTarget target, StorageConfig storage, TimeSpan limit) =>
        new(target, storage, self(), directories, limit);

    private static StorageAgent? Find(StorageConfig storage) => Agents.GetValueOrDefault(storage.Agent);

    private static string NoAgent(StorageConfig storage) =>
        $"there is no storage agent '{storage.Agent}'; there are {string.Join(", ", Agents.Keys)}";

    private static string Names(StorageAgent agent, IEnumerable<StorageOption> known) =>
        string.Join(", ", known.Select(k => k.Name).Concat(agent.NeedsClients ? ["client.HOST"] : []).Order(StringComparer.Ordinal));
}
