using Mainstay.Core.Lease;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>The parts of frames that speak of the keeper lease. Times travel in whole milliseconds.</summary>
public static class LeaseFrame
{
    /// <summary>The most keepers of one set.</summary>
    public const int MaxKeepers = 64;

    private const uint Unknown = uint.MaxValue;

    public static void WriteDuty(ref WireWriter writer, KeeperDuty keepers, LeaseTerms? terms)
    {
        writer.UInt64((ulong)keepers.Epoch);
        WriteNumbers(ref writer, keepers.Members);
        WriteNumbers(ref writer, keepers.Previous);
        writer.UInt64(keepers.Registered);
        WriteTerms(ref writer, terms);
    }

    public static (KeeperDuty Keepers, LeaseTerms? Terms) ReadDuty(ref WireReader reader) =>
        (new KeeperDuty((long)reader.UInt64(), ReadNumbers(ref reader), ReadNumbers(ref reader), reader.UInt64()), ReadTerms(ref reader));

    /// <summary>Straight from the beacon's lease, without allocation.</summary>
    /// <param name="armed">
    /// The watchdog is armed. S2: before it is, the lease is reported as waiting, so that nothing is promised that nobody enforces yet.
    /// </param>
    public static void WriteOwn(ref WireWriter writer, BeaconLease lease, TimeSpan? watchdog, bool armed, int paused, Instant now)
    {
        var state = lease.Holder.StateAt(now);
        writer.UInt64(lease.Book.Incarnation);
        writer.UInt32(watchdog is { } reset ? Milliseconds(reset) : Unknown);
        writer.Byte((byte)(state == LeaseState.Valid && !armed ? LeaseState.Waiting : state));
        writer.UInt32(lease.Holder.Age(now) is { } age ? Milliseconds(age) : Unknown);
        WriteTerms(ref writer, lease.Holder.Terms);
        writer.UInt64((ulong)lease.Holder.KeepersEpoch);
        writer.UInt16((ushort)paused);
    }

    public static OwnLease ReadOwn(ref WireReader reader) => new(
        reader.UInt64(),
        ReadSpan(ref reader),
        (LeaseState)reader.Byte(),
        ReadSpan(ref reader),
        ReadTerms(ref reader),
        (long)reader.UInt64(),
        reader.UInt16());

    /// <summary>Ends a frame; nothing is written for null.</summary>
    public static void WriteLife(ref WireWriter writer, LeaseLife? life)
    {
        if (life is not { } known)
            return;
        writer.UInt64(known.Incarnation);
        writer.UInt64((ulong)known.Expiries);
    }

    /// <summary>Null at the end of the frame: an earlier version does not say it.</summary>
    public static LeaseLife? ReadLife(ref WireReader reader) =>
        reader.AtEnd ? null : new LeaseLife(reader.UInt64(), (long)reader.UInt64());

    public static void WriteAnswer(ref WireWriter writer, uint request, ConsentAnswer answer)
    {
        writer.UInt32(request);
        writer.Byte(answer.Given ? (byte)1 : (byte)0);
        writer.UInt64(answer.Incarnation);
        writer.UInt32(Milliseconds(answer.Wait));
    }

    /// <summary>Null when it is cut short.</summary>
    public static (uint Request, ConsentAnswer Answer)? ReadAnswer(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var answer = (reader.UInt32(), new ConsentAnswer(reader.Byte() == 1, reader.UInt64(), TimeSpan.FromMilliseconds(reader.UInt32())));
        return reader.Failed ? null : answer;
    }

    private static void WriteTerms(ref WireWriter writer, LeaseTerms? terms)
    {
        writer.Byte(terms is null ? (byte)0 : (byte)1);
        if (terms is null)
            return;
        writer.UInt32(Milliseconds(terms.Freeze));
        writer.UInt32(Milliseconds(terms.Kill));
        writer.UInt32(Milliseconds(terms.Reset));
    }

    private static LeaseTerms? ReadTerms(ref WireReader reader) => reader.Byte() == 0
        ? null
        : new LeaseTerms(
            TimeSpan.FromMilliseconds(reader.UInt32()),
            TimeSpan.FromMilliseconds(reader.UInt32()),
            TimeSpan.FromMilliseconds(reader.UInt32()));

    private static TimeSpan? ReadSpan(ref WireReader reader) =>
        reader.UInt32() is var milliseconds && milliseconds != Unknown ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static void WriteNumbers(ref WireWriter writer, ValueList<int> numbers)
    {
        writer.UInt16((ushort)numbers.Count);
        foreach (var number in numbers)
            writer.UInt16((ushort)number);
    }

    private static ValueList<int> ReadNumbers(ref WireReader reader)
    {
        var numbers = new int[reader.Count(MaxKeepers)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = reader.UInt16();
        return ValueList.Create<int>(numbers);
    }

    private static uint Milliseconds(TimeSpan span) => (uint)Math.Clamp(Math.Ceiling(span.TotalMilliseconds), 0, Unknown - 1);
}
