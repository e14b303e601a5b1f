using System.Diagnostics;
using System.Globalization;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing.Storage;

/// <summary>
/// SCSI-3 persistent reservations with <c>sg_persist</c>, from this host's own paths: every host is registered with a key of its session
/// under a reservation "write exclusive, registrants only"; preempt-and-abort takes the victim's keys and aborts what it has queued. Then
/// the keys are read on every path.
/// </summary>
internal sealed class ScsiPrAgent : StorageAgent
{
    private const string DefaultTag = "4d53";

    public override ValueList<StorageOption> Options =>
    [
        new("devices", true, "every path to every disk on this storage, as /dev names, separated by commas; the same on all hosts"),
        new("tag", false, "four hexadecimal digits that all keys of this cluster begin with, 4d53 when they are not given"),
    ];

    public override bool NeedsClients => false;

    public override IEnumerable<string> Findings(StorageConfig storage)
    {
        var tag = storage.Options.FirstOrDefault(o => o.Name == "tag")?.Value;
        if (tag is not null && (tag.Length != 4 || !ushort.TryParse(tag, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _)))
            yield return $"option tag='{tag}' is not four hexadecimal digits";
        foreach (var device in StorageCall.Split(storage.Options.FirstOrDefault(o => o.Name == "devices")?.Value))
        {
            if (!device.StartsWith("/dev/", StringComparison.Ordinal))
                yield return $"'{device}' in option devices is no device; give paths such as /dev/disk/by-path/…";
        }
    }

    public override async Task<RevokeOutcome> Revoke(StorageCall call, CancellationToken cancel)
    {
        if (call.Self is not { } self)
            return new RevokeOutcome.Unknown("this host has no session, so no key to preempt with");
        var results = await Task.WhenAll(Devices(call).Select(device => Preempt(call, self, device, cancel))).ConfigureAwait(false);
        return results.OfType<Observed<bool>.Unknown>().FirstOrDefault() is { } failed
            ? new RevokeOutcome.Unknown(failed.Why)
            : new RevokeOutcome.Strong(
                $"no key of {call.Host} is left on {string.Join(", ", Devices(call))}, where only registrants can write");
    }

    public override async Task<RestoreOutcome> Restore(StorageCall call, CancellationToken cancel)
    {
        var key = PersistentReservations.KeyOf(Tag(call), call.Target);
        foreach (var device in Devices(call))
        {
            if (await Out(call, device, ["--register-ignore", $"--param-sark=0x{key}"], cancel).ConfigureAwait(false)
                is Observed<string>.Unknown unregistered)
                return new RestoreOutcome.Failed(unregistered.Why);
            if (await Read(call, device, cancel).ConfigureAwait(false) is var read
                && read is not Observed<PersistentReservations>.Known known)
                return new RestoreOutcome.Failed(((Observed<PersistentReservations>.Unknown)read).Why);
            if (!known.Value.Keys.Contains(key))
                return new RestoreOutcome.Failed($"{device} does not show the key 0x{key} that was registered");
            if (!known.Value.RegistrantsOnly
                && await Out(call, device, ["--reserve", $"--param-rk=0x{key}", "--prout-type=5"], cancel).ConfigureAwait(false)
                    is Observed<string>.Unknown unreserved)
                return new RestoreOutcome.Failed(unreserved.Why);
        }

        return new RestoreOutcome.Done();
    }

    public override async Task<StorageReading> Read(StorageCall call, CancellationToken cancel)
    {
        var (host, with) = (PersistentReservations.HostOf(Tag(call), call.Target), 0);
        foreach (var device in Devices(call))
        {
            if (await Read(call, device, cancel).ConfigureAwait(false) is var read
                && read is not Observed<PersistentReservations>.Known known)
                return new StorageReading.Unknown(((Observed<PersistentReservations>.Unknown)read).Why);
            if (Objection(call, device, known.Value) is { } objection)
                return new StorageReading.Unknown(objection);
            with += known.Value.Keys.Any(key => key.StartsWith(host, StringComparison.Ordinal)) ? 1 : 0;
        }

        return with == Devices(call).Count ? new StorageReading.Admitted($"its key is on all {with} paths")
            : with == 0 ? new StorageReading.CutOff("its key is on no path")
            : new StorageReading.Unknown($"its key is on {with} of {Devices(call).Count} paths; it would write over the others");
    }

    private static async Task<Observed<bool>> Preempt(StorageCall call, StorageTarget self, string device, CancellationToken cancel)
    {
        var (own, victim) = (PersistentReservations.KeyOf(Tag(call), self), PersistentReservations.HostOf(Tag(call), call.Target));
        for (var looks = 0; looks < 2; looks++)
        {
            if (await Read(call, device, cancel).ConfigureAwait(false) is var read
                && read is not Observed<PersistentReservations>.Known known)
                return new Observed<bool>.Unknown(((Observed<PersistentReservations>.Unknown)read).Why);
            if (Objection(call, device, known.Value) is { } objection)
                return new Observed<bool>.Unknown(objection);
            if (!known.Value.Keys.Contains(own))
                return new Observed<bool>.Unknown($"this host is not registered on {device}, so it can preempt nobody");
            var keys = known.Value.Keys.Where(key => key.StartsWith(victim, StringComparison.Ordinal)).ToArray();
            if (keys.Length == 0)
                return new Observed<bool>.Known(true);
            if (looks > 0)
                return new Observed<bool>.Unknown($"the key 0x{keys[0]} is still on {device}");
            foreach (var key in keys)
            {
                // Plain preempt would let what the victim has queued be written: the abort is the barrier.
                var done = await Out(
                    call, device, ["--preempt-abort", $"--param-rk=0x{own}", $"--param-sark=0x{key}", "--prout-type=5"], cancel)
                    .ConfigureAwait(false);
                if (done is Observed<string>.Unknown failed)
                    return new Observed<bool>.Unknown(failed.Why);
            }
        }

        throw new UnreachableException();
    }

    // S1: without such a reservation everybody can write; a key of nobody may be the victim's on a path registered in another way.
    private static string? Objection(StorageCall call, string device, PersistentReservations seen)
    {
        if (!seen.RegistrantsOnly)
            return $"{device} has no reservation 'write exclusive, registrants only': whoever is not registered can write";
        var odd = seen.Keys.FirstOrDefault(key => !key.StartsWith(Tag(call), StringComparison.OrdinalIgnoreCase));
        return odd is null ? null : $"{device} has the key 0x{odd}, which is no host's of this cluster";
    }

    private static async Task<Observed<PersistentReservations>> Read(StorageCall call, string device, CancellationToken cancel)
    {
        var keys = await call.Run("sg_persist", ["--in", "--read-keys", device], cancel).ConfigureAwait(false);
        var reservation = await call.Run("sg_persist", ["--in", "--read-reservation", device], cancel).ConfigureAwait(false);
        return (keys, reservation) switch
        {
            (Observed<string>.Known k, Observed<string>.Known r) =>
                new Observed<PersistentReservations>.Known(PersistentReservations.Parse(k.Value, r.Value)),
            (Observed<string>.Unknown unknown, _) => new Observed<PersistentReservations>.Unknown(unknown.Why),
            (_, Observed<string>.Unknown unknown) => new Observed<PersistentReservations>.Unknown(unknown.Why),
            _ => throw new UnreachableException(),
        };
    }

    private static Task<Observed<string>> Out(
        StorageCall call, string device, ValueList<string> arguments, CancellationToken cancel) =>
        call.Run("sg_persist", ["--out", .. arguments, device], cancel);

    private static ValueList<string> Devices(StorageCall call) => StorageCall.Split(call.Option("devices"));

    private static string Tag(StorageCall call) => (call.Option("tag") ?? DefaultTag).ToLowerInvariant();
}
