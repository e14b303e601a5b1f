using System.Globalization;
using System.Text;
using Mainstay.Agent.Configuration;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Joining;

/// <summary>What the store holds of membership besides the node's facts: machine identities and the next host number.</summary>
internal sealed class MemberRecords(IClusterStore store, StoreCodec codec)
{
    public const int ApiPort = 7780;
    private const string NextNumber = "next-number";

    private static readonly StoreKey.Cluster Cluster = new();

    public Task<RawOutcome> Found(ClusterSettings settings, AgentFile file, string machine, CancellationToken cancel)
    {
        var host = new StoreKey.Host(new HostId(file.Host));
        return store.Commit(
            new RawTransaction(
                [new RawGuard(Cluster.ToString(), 0), new RawGuard(host.ToString(), 0), new RawGuard(NextNumber, 0)],
                [
                    new RawWrite(Cluster.ToString(), codec.Encode(Cluster, settings)),
                    new RawWrite(host.ToString(), codec.Encode(host, Config(file.Number, file.Addresses, witness: false))),
                    new RawWrite(MachineKey(machine), Text(file.Host)),
                    new RawWrite(NextNumber, Text(Number(file.Number + 1))),
                ]),
            cancel);
    }

    /// <summary>
    /// Gives the host a number and a place in the cluster, all at once or not at all. An <see cref="AgentException"/> refuses.
    /// </summary>
    public async Task<int> Admit(string name, string machine, IReadOnlyList<string> addresses, bool witness, CancellationToken cancel)
    {
        var host = new StoreKey.Host(new HostId(name));
        var session = new StoreKey.Session(host.Id);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var now = await Read([host.ToString(), session.ToString(), MachineKey(machine), NextNumber], cancel).ConfigureAwait(false);
            var (known, lived, owner, next) = (now[0], now[1], now[2], now[3]);
            var former = await FormerMember(owner, name, cancel).ConfigureAwait(false);
            if (owner.Value is { } twin && Text(twin) != name && former is null)
                throw new AgentException(
                    $"this machine's identity ({machine}) already belongs to member {Text(twin)}: the machine was cloned from it. "
                    + "Give it one of its own: rm /etc/machine-id; systemd-machine-id-setup; reboot");
            if (known.Value is not null && (owner.Value is null || lived.Value is not null))
                throw new AgentException($"the cluster already has a member named {name}; choose another name with --host");
            var number = known.Value is { } old ? NumberOf(host, old) : int.Parse(Text(Need(next)), CultureInfo.InvariantCulture);
            var outcome = await store.Commit(
                new RawTransaction(
                    [Guard(known), Guard(owner), Guard(next), Guard(lived), .. former is { } gone ? [Guard(gone)] : (RawGuard[])[]],
                    [
                        new RawWrite(host.ToString(), codec.Encode(host, Config(number, addresses, witness))),
                        new RawWrite(MachineKey(machine), Text(name)),
                        new RawWrite(NextNumber, known.Value is null ? Text(Number(number + 1)) : Need(next)),
                    ]),
                cancel).ConfigureAwait(false);
            switch (outcome)
            {
                case RawOutcome.Applied:
                    return number;
                case RawOutcome.Unknown unknown:
                    throw new AgentException($"the store did not confirm the new member: {unknown.Why}; run the same join again");
            }
        }

        throw new AgentException("other hosts kept joining at the same time; run the same join again");
    }

    /// <summary>The place of the member that this machine was under another name, when it was taken out of the cluster since.</summary>
    private async Task<RawEntry?> FormerMember(RawEntry owner, string name, CancellationToken cancel)
    {
        if (owner.Value is not { } twin || Text(twin) == name)
            return null;
        var place = (await Read([new StoreKey.Host(new HostId(Text(twin))).ToString()], cancel).ConfigureAwait(false))[0];
        return place.Value is null ? place : null;
    }

    private static HostConfig Config(int number, IReadOnlyList<string> addresses, bool witness) =>
        new(number, addresses.ToValueList(), ApiPort, [], Maintenance: false) { Witness = witness };

    private static string MachineKey(string machine) => $"machine/{machine}";

    private static RawGuard Guard(RawEntry entry) => new(entry.Key, entry.ModRevision);

    private static ReadOnlyMemory<byte> Need(RawEntry entry) =>
        entry.Value ?? throw new AgentException($"the store lacks '{entry.Key}'; was the cluster initialized?");

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private int NumberOf(StoreKey.Host key, ReadOnlyMemory<byte> bytes) =>
        codec.Decode(key, bytes.Span) is DecodedValue.Read { Value: HostConfig config }
            ? config.Number
            : throw new AgentException($"the record of {key.Id} in the store is damaged");

    private async Task<IReadOnlyList<RawEntry>> Read(string[] keys, CancellationToken cancel) =>
        await store.Read(keys, cancel).ConfigureAwait(false) switch
        {
            Observed<RawSnapshot>.Known known => [.. keys.Select(k => known.Value.Entries.First(e => e.Key == k))],
            Observed<RawSnapshot>.Unknown unknown =>
                throw new AgentException($"the store does not answer: {unknown.Why}; try again when it has quorum"),
        };
}
