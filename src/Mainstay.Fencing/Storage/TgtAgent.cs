using Mainstay.Core.Fencing;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Fencing.Storage;

/// <summary>
/// The target side of iSCSI with tgt: the host's entries are taken out of the target's access list, its connections are ended, and both are
/// read again. tgt lists a session until its last command has ended, so one that is not listed has nothing on its way.
/// </summary>
internal sealed class TgtAgent : StorageAgent
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public override ValueList<StorageOption> Options =>
    [
        new("target", true, "the target's iSCSI name"),
        new("control", false, "the control port of tgtd, 0 when it is not given"),
    ];

    public override IEnumerable<string> Findings(StorageConfig storage)
    {
        var control = storage.Options.FirstOrDefault(o => o.Name == "control")?.Value;
        if (control is not null && !ushort.TryParse(control, out _))
            yield return $"option control='{control}' is no port; give a number such as 0";
    }

    public override async Task<RevokeOutcome> Revoke(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new RevokeOutcome.Unknown(Undeclared(call));
        var said = "";
        while (!call.TimeIsUp)
        {
            if (await Show(call, cancel).ConfigureAwait(false) is var shown && shown is not Observed<TgtState>.Known known)
                return new RevokeOutcome.Unknown(((Observed<TgtState>.Unknown)shown).Why);
            if (Stranger(call, known.Value) is { } stranger)
                return new RevokeOutcome.Unknown(stranger);
            var (access, connections) = Left(call, known.Value);
            if (access.IsEmpty && connections.IsEmpty)
                return new RevokeOutcome.Strong($"tgt lists neither access nor a session of {string.Join(", ", call.Clients)}");
            said = await CutOff(call, known.Value.Id, access, connections, cancel).ConfigureAwait(false);
            await Task.Delay(LookAgain, cancel).ConfigureAwait(false);
        }

        return new RevokeOutcome.Unknown(said.Length > 0 ? said : "its session did not end in time");
    }

    public override async Task<RestoreOutcome> Restore(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new RestoreOutcome.Failed(Undeclared(call));
        if (await Show(call, cancel).ConfigureAwait(false) is var shown && shown is not Observed<TgtState>.Known known)
            return new RestoreOutcome.Failed(((Observed<TgtState>.Unknown)shown).Why);
        foreach (var client in call.Clients.Where(client => !known.Value.Access.Contains(client)))
        {
            var bound = await Change(call, "bind", known.Value.Id, client, cancel).ConfigureAwait(false);
            if (bound is Observed<string>.Unknown failed)
                return new RestoreOutcome.Failed(failed.Why);
        }

        return new RestoreOutcome.Done();
    }

    public override async Task<StorageReading> Read(StorageCall call, CancellationToken cancel)
    {
        if (call.Clients.IsEmpty)
            return new StorageReading.Unknown(Undeclared(call));
        if (await Show(call, cancel).ConfigureAwait(false) is var shown && shown is not Observed<TgtState>.Known known)
            return new StorageReading.Unknown(((Observed<TgtState>.Unknown)shown).Why);
        if (Stranger(call, known.Value) is { } stranger)
            return new StorageReading.Unknown(stranger);
        var (access, connections) = Left(call, known.Value);
        return access.IsEmpty && connections.IsEmpty
            ? new StorageReading.CutOff($"tgt lists neither access nor a session of {string.Join(", ", call.Clients)}")
            : new StorageReading.Admitted($"tgt admits {string.Join(", ", access)}, {connections.Count} connections");
    }

    private static string Undeclared(StorageCall call) =>
        $"what the storage knows {call.Host} as is not said; set option client.{call.Host}";

    private static (ValueList<string> Access, ValueList<TgtConnection> Connections) Left(StorageCall call, TgtState state) => (
        state.Access.Where(entry => call.Clients.Contains(entry)).ToValueList(),
        state.Connections.Where(connection => connection.IsOf(call.Clients)).ToValueList());

    // S1: an entry or a session that no declared host owns may be this host under another name.
    private static string? Stranger(StorageCall call, TgtState state)
    {
        var known = call.Clients.Concat(call.OtherClients).ToValueList();
        if (state.Access.FirstOrDefault(entry => !known.Contains(entry)) is { } entry)
            return $"the target admits '{entry}', which is no host's client.HOST; admit the hosts one by one and declare them";
        return state.Connections.FirstOrDefault(connection => !connection.IsOf(known)) is { } odd
            ? $"{odd.Initiator} at {odd.Address} is connected and is no host's client.HOST; declare it"
            : null;
    }

    private static async Task<string> CutOff(
        StorageCall call, string id, ValueList<string> access, ValueList<TgtConnection> connections, CancellationToken cancel)
    {
        foreach (var entry in access)
        {
            if (await Change(call, "unbind", id, entry, cancel).ConfigureAwait(false) is Observed<string>.Unknown failed)
                return failed.Why;
        }

        foreach (var connection in connections)
        {
            // One that ended by itself meanwhile fails; the next reading tells.
            await Tgtadm(
                call,
                ["--op", "delete", "--mode", "conn", "--tid", id, "--sid", connection.Session, "--cid", connection.Number],
                cancel).ConfigureAwait(false);
        }

        return "";
    }

    private static Task<Observed<string>> Change(StorageCall call, string op, string id, string client, CancellationToken cancel) =>
        Tgtadm(
            call,
            ["--op", op, "--mode", "target", "--tid", id, client.StartsWith("iqn.", StringComparison.Ordinal) ? "-Q" : "-I", client],
            cancel);

    private static async Task<Observed<TgtState>> Show(StorageCall call, CancellationToken cancel) =>
        await Tgtadm(call, ["--op", "show", "--mode", "target"], cancel).ConfigureAwait(false) switch
        {
            Observed<string>.Known known => TgtState.Parse(known.Value, call.Option("target") ?? "") is { } state
                ? new Observed<TgtState>.Known(state)
                : new Observed<TgtState>.Unknown($"tgt has no target {call.Option("target")}"),
            Observed<string>.Unknown unknown => new Observed<TgtState>.Unknown(unknown.Why),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Task<Observed<string>> Tgtadm(StorageCall call, ValueList<string> arguments, CancellationToken cancel) =>
        call.Run("tgtadm", ["-C", call.Option("control") ?? "0", "--lld", "iscsi", .. arguments], cancel);
}
