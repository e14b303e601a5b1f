using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;

namespace Mainstay.Core.Health;

/// <summary>Judges where guests' disks lie (V8): on what another host has too, and on what a storage proof means something.</summary>
internal static class StorageChecks
{
    private const int Named = 3;

    /// <summary>V8: a guest whose disk only one host has is started nowhere else, whatever is proved.</summary>
    public static IEnumerable<Finding> V8(CheckInputs inputs) =>
        Reach(inputs).Concat(Mute(inputs)).Concat(Declared(inputs)).Concat(Policies(inputs));

    /// <summary>Names, and how many more there are.</summary>
    public static string Some(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return all.Length <= Named ? string.Join(", ", all) : $"{string.Join(", ", all.Take(Named))} and {all.Length - Named} more";
    }

    private static IEnumerable<Finding> Reach(CheckInputs inputs)
    {
        var doubtful = new StorageReach(inputs.View, inputs.Readings).Doubtful()
            .GroupBy(d => (d.Owner, Place: d.Disk.Place ?? d.Disk.Disk, d.Reach))
            .OrderBy(d => d.Key.Owner).ThenBy(d => d.Key.Place, StringComparer.Ordinal);
        foreach (var of in doubtful)
        {
            var guests = Some(of.Select(d => d.Disk.Guest.Name));
            var (owner, place, reach) = of.Key;
            if (reach is DiskReach.OneHost)
                yield return new Finding("V8", FindingSeverity.Refuse, owner,
                    $"no other host has the disks of {guests}: if it dies they stay down", place,
                    "put them on storage that two hosts have at the same path, or give the guests back (mainstay release)");
            else if (reach is DiskReach.Unknown unknown)
                yield return new Finding("V8", FindingSeverity.Warn, owner,
                    $"nobody knows whether another host has the disks of {guests}: {unknown.Why}", $"{place}: not known",
                    "on another host compare what ls -l and stat -f say of it; a storage that is shared shows the same files");
        }
    }

    private static IEnumerable<Finding> Mute(CheckInputs inputs) => inputs.View.Groups.IsEmpty || inputs.View.Hosts.Count < 2
        ? []
        : inputs.Readings.Where(r => r.Storage is null && !inputs.View.IsWitness(r.Host)).Select(r => new Finding(
            "V8", FindingSeverity.Warn, r.Host, "its agent does not say what storage it sees", "not known",
            "upgrade mainstay there; the agent is of an earlier version"));

    // The adapter's class: a storage that proves nothing would be believed for what its agent says.
    private static IEnumerable<Finding> Declared(CheckInputs inputs)
    {
        foreach (var (name, storage) in inputs.View.Storages)
        {
            if (StorageClasses.AgainstStorage(storage.Value, inputs.Readings) is { } against)
                yield return new Finding("V8", FindingSeverity.Refuse, null, $"the storage {name} proves nothing: {against}",
                    storage.Value.Agent, $"until that is done: mainstay storage remove {name}");
        }
    }

    private static IEnumerable<Finding> Policies(CheckInputs inputs)
    {
        foreach (var (group, spec) in inputs.View.Groups)
        {
            var own = inputs.View.Ownerships.GetValueOrDefault(group)?.Value;
            if (spec.Value.StorageProof != StorageProofPolicy.Always && own?.StorageProof != StorageProofPolicy.Always)
                continue;
            var owner = own is null ? null : OwnershipRules.OwnerOf(own)?.Host;
            if (StorageClasses.AgainstAlways(spec.Value.Disks, inputs.Readings) is { } against)
                yield return new Finding("V8", FindingSeverity.Refuse, owner,
                    $"{group} is to run elsewhere as soon as it is cut off: {against}",
                    "storage-proof always", $"mainstay policy {group} --storage-proof frozen");
            else if (!Fencing.StorageRules.CanBeCutOff(inputs.View, spec.Value))
                yield return new Finding("V8", FindingSeverity.Warn, owner,
                    $"{group} is to run elsewhere as soon as it is cut off, and not all its disks lie on a storage that can do that",
                    "storage-proof always", "name the storage (mainstay storage set); until then it waits for another proof");
        }
    }
}
