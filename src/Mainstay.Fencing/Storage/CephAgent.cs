using System.Diagnostics;
using System.Globalization;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing.Storage;

/// <summary>
/// The blocklist of a Ceph cluster: every client at the host's addresses is refused by the storage daemons. An entry lasts for at least a
/// day; by default it would be an hour, and then an old client writes again.
/// </summary>
internal sealed class CephAgent : StorageAgent
{
    private const int LeastHours = 24;

    public override ValueList<StorageOption> Options =>
    [
        new("user", false, "the Ceph user, such as client.mainstay; client.admin when it is not given"),
        new("expiry_hours", false, "how long an entry lasts, 24 or more; 24 when it is not given"),
    ];

    public override IEnumerable<string> Findings(StorageConfig storage)
    {
        var hours = storage.Options.FirstOrDefault(o => o.Name == "expiry_hours")?.Value;
        if (hours is not null
            && (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < LeastHours))
            yield return $"option expiry_hours='{hours}': give 24 or more; an entry that runs out lets an old client write again";
    }

    public override async Task<RevokeOutcome> Revoke(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new RevokeOutcome.Unknown(Undeclared(call));
        var hours = int.Parse(call.Option("expiry_hours") ?? "24", NumberStyles.None, CultureInfo.InvariantCulture);
        var seconds = (hours * 3600).ToString(CultureInfo.InvariantCulture);
        foreach (var entry in Entries(call))
        {
            if (await Ceph(call, ["add", entry, seconds], cancel).ConfigureAwait(false) is Observed<string>.Unknown failed)
                return new RevokeOutcome.Unknown(failed.Why);
        }

        return await Listed(call, cancel).ConfigureAwait(false) switch
        {
            Observed<int>.Known { Value: var listed } when listed == call.Clients.Count =>
                new RevokeOutcome.Strong($"the blocklist has {string.Join(", ", Entries(call))} for {hours} h"),
            Observed<int>.Known { Value: var listed } => new RevokeOutcome.Unknown(
                $"the blocklist has {listed} of {call.Clients.Count} addresses of {call.Host}"),
            Observed<int>.Unknown unknown => new RevokeOutcome.Unknown(unknown.Why),
            _ => throw new UnreachableException(),
        };
    }

    public override async Task<RestoreOutcome> Restore(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new RestoreOutcome.Failed(Undeclared(call));
        foreach (var entry in Entries(call))
        {
            // Removing what is not there succeeds as well.
            if (await Ceph(call, ["rm", entry], cancel).ConfigureAwait(false) is Observed<string>.Unknown failed)
                return new RestoreOutcome.Failed(failed.Why);
        }

        return await Listed(call, cancel).ConfigureAwait(false) switch
        {
            Observed<int>.Known { Value: 0 } => new RestoreOutcome.Done(),
            Observed<int>.Known { Value: var listed } => new RestoreOutcome.Failed($"the blocklist still has {listed} of its addresses"),
            Observed<int>.Unknown unknown => new RestoreOutcome.Failed(unknown.Why),
            _ => throw new UnreachableException(),
        };
    }

    public override async Task<StorageReading> Read(StorageCall call, CancellationToken cancel) => call.Clients.IsEmpty
        ? new StorageReading.Unknown(Undeclared(call))
        : await Listed(call, cancel).ConfigureAwait(false) switch
        {
            Observed<int>.Known { Value: 0 } => new StorageReading.Admitted("none of its addresses is on the blocklist"),
            Observed<int>.Known { Value: var listed } when listed == call.Clients.Count =>
                new StorageReading.CutOff("all its addresses are on the blocklist"),
            Observed<int>.Known { Value: var listed } => new StorageReading.Unknown(
                $"{listed} of {call.Clients.Count} of its addresses are on the blocklist"),
            Observed<int>.Unknown unknown => new StorageReading.Unknown(unknown.Why),
            _ => throw new UnreachableException(),
        };

    private static string Undeclared(StorageCall call) =>
        $"the addresses from which {call.Host} uses Ceph are not said; set option client.{call.Host}";

    // Port and number 0 mean every client at the address.
    private static IEnumerable<string> Entries(StorageCall call) => call.Clients.Select(client => $"{client}:0/0");

    private static async Task<Observed<int>> Listed(StorageCall call, CancellationToken cancel) =>
        await Ceph(call, ["ls"], cancel).ConfigureAwait(false) switch
        {
            Observed<string>.Known known => new Observed<int>.Known(Entries(call).Count(entry =>
                known.Value.Split('\n').Any(line => line.StartsWith($"{entry} ", StringComparison.Ordinal)))),
            Observed<string>.Unknown unknown => new Observed<int>.Unknown(unknown.Why),
            _ => throw new UnreachableException(),
        };

    private static Task<Observed<string>> Ceph(StorageCall call, ValueList<string> arguments, CancellationToken cancel) =>
        call.Run("ceph", ["-n", call.Option("user") ?? "client.admin", "osd", "blocklist", .. arguments], cancel);
}
