using System.Diagnostics;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing.Storage;

/// <summary>
/// A Linux file server for NFS 4: the host's addresses go into a packet filter's set of those denied, so that it cannot come back; its
/// connections are ended; then it is expired as a client, which returns when all its locks and everything in progress is gone.
/// </summary>
internal sealed class Nfs4Agent : StorageAgent
{
    private const string Clients = "/proc/fs/nfsd/clients";

    public override ValueList<StorageOption> Options =>
        [new("set", true, "the nft set of denied addresses as family/table/name, such as inet/mainstay/denied")];

    public override IEnumerable<string> Findings(StorageConfig storage)
    {
        var set = storage.Options.FirstOrDefault(o => o.Name == "set")?.Value;
        if (set is not null && set.Split('/') is not [not "", not "", not ""])
            yield return $"option set='{set}' is not family/table/name";
    }

    public override async Task<RevokeOutcome> Revoke(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new RevokeOutcome.Unknown(Undeclared(call));

        // Denied first: an expired client that still gets through only registers again.
        if (await Nft(call, "add", cancel).ConfigureAwait(false) is Observed<string>.Unknown undenied)
            return new RevokeOutcome.Unknown(undenied.Why);
        foreach (var address in call.Clients)
        {
            var ended = await call.Run("ss", ["-K", "dst", address, "sport", "=", ":2049"], cancel).ConfigureAwait(false);
            if (ended is Observed<string>.Unknown failed)
                return new RevokeOutcome.Unknown(failed.Why);
        }

        return await Expire(call, cancel).ConfigureAwait(false) is { } why
            ? new RevokeOutcome.Unknown(why)
            : await Read(call, cancel).ConfigureAwait(false) switch
            {
                StorageReading.CutOff cutOff => new RevokeOutcome.Strong(cutOff.Evidence),
                StorageReading.Admitted admitted => new RevokeOutcome.Unknown(admitted.Evidence),
                StorageReading.Unknown unknown => new RevokeOutcome.Unknown(unknown.Why),
                _ => throw new UnreachableException(),
            };
    }

    public override async Task<RestoreOutcome> Restore(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new RestoreOutcome.Failed(Undeclared(call));
        return await Denied(call, cancel).ConfigureAwait(false) switch
        {
            Observed<int>.Known { Value: 0 } => new RestoreOutcome.Done(),
            Observed<int>.Known => await Nft(call, "add", cancel).ConfigureAwait(false) is Observed<string>.Unknown incomplete
                ? new RestoreOutcome.Failed(incomplete.Why)
                : await Nft(call, "delete", cancel).ConfigureAwait(false) is Observed<string>.Unknown failed
                    ? new RestoreOutcome.Failed(failed.Why)
                    : new RestoreOutcome.Done(),
            Observed<int>.Unknown unknown => new RestoreOutcome.Failed(unknown.Why),
            _ => throw new UnreachableException(),
        };
    }

    public override async Task<StorageReading> Read(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new StorageReading.Unknown(Undeclared(call));
        if (await Denied(call, cancel).ConfigureAwait(false) is var denied && denied is not Observed<int>.Known known)
            return new StorageReading.Unknown(((Observed<int>.Unknown)denied).Why);
        if (await List(call, cancel).ConfigureAwait(false) is var listed && listed is not Observed<ValueList<NfsClient>>.Known clients)
            return new StorageReading.Unknown(((Observed<ValueList<NfsClient>>.Unknown)listed).Why);
        if (Stranger(call, clients.Value) is { } stranger)
            return new StorageReading.Unknown(stranger);
        var own = clients.Value.Count(client => call.Clients.Contains(client.Address));
        return known.Value == call.Clients.Count && own == 0
            ? new StorageReading.CutOff($"{string.Join(", ", call.Clients)} denied, and no such client is left")
            : new StorageReading.Admitted($"{own} clients of it, {known.Value} of {call.Clients.Count} addresses denied");
    }

    private static string Undeclared(StorageCall call) =>
        $"the addresses from which {call.Host} mounts are not said; set option client.{call.Host}";

    // Null when every client of the host was told to expire.
    private static async Task<string?> Expire(StorageCall call, CancellationToken cancel)
    {
        if (await List(call, cancel).ConfigureAwait(false) is var listed && listed is not Observed<ValueList<NfsClient>>.Known clients)
            return ((Observed<ValueList<NfsClient>>.Unknown)listed).Why;
        foreach (var client in clients.Value.Where(client => call.Clients.Contains(client.Address)))
        {
            var expired = await call.Run("tee", [$"{Clients}/{client.Id}/ctl"], "expire\n", cancel).ConfigureAwait(false);
            if (expired is Observed<string>.Unknown failed)
                return failed.Why;
        }

        return null;
    }

    // S1: a client that no declared host is may be this host at another address.
    private static string? Stranger(StorageCall call, ValueList<NfsClient> clients)
    {
        var known = call.Clients.Concat(call.OtherClients).ToValueList();
        return clients.FirstOrDefault(client => !known.Contains(client.Address)) is { } odd
            ? $"the client at {odd.Address} is no declared one; declare it with client.NAME, also when it is no host"
            : null;
    }

    private static async Task<Observed<ValueList<NfsClient>>> List(StorageCall call, CancellationToken cancel) =>
        await call.Run("grep", ["-rH", "--include=info", "address:", Clients], "", 1, cancel).ConfigureAwait(false) switch
        {
            Observed<string>.Known known => new Observed<ValueList<NfsClient>>.Known(
                known.Value.Split('\n').Select(NfsClient.Parse).OfType<NfsClient>().ToValueList()),
            Observed<string>.Unknown unknown => new Observed<ValueList<NfsClient>>.Unknown(unknown.Why),
            _ => throw new UnreachableException(),
        };

    private static async Task<Observed<int>> Denied(StorageCall call, CancellationToken cancel) =>
        await call.Run("nft", ["list", "set", .. SetOf(call)], cancel).ConfigureAwait(false) switch
        {
            Observed<string>.Known known => new Observed<int>.Known(Elements(known.Value).Intersect(call.Clients).Count()),
            Observed<string>.Unknown unknown => new Observed<int>.Unknown(unknown.Why),
            _ => throw new UnreachableException(),
        };

    private static ValueList<string> Elements(string shown)
    {
        var begin = shown.IndexOf("elements = {", StringComparison.Ordinal);
        return begin < 0 ? [] : StorageCall.Split(shown[(begin + "elements = {".Length)..].Split('}')[0]);
    }

    private static Task<Observed<string>> Nft(StorageCall call, string verb, CancellationToken cancel) =>
        call.Run("nft", [verb, "element", .. SetOf(call), "{", string.Join(",", call.Clients), "}"], cancel);

    private static string[] SetOf(StorageCall call) => (call.Option("set") ?? "").Split('/');
}
