using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>What a beacon found out about clocks, at the end of its report: written without allocation.</summary>
internal static class ClockFrame
{
    private const uint Unknown = uint.MaxValue;
    private const double PerMillion = 1000;

    public static void Write(ref WireWriter writer, ClockMarks? clocks, TimeSpan? slept, Instant now)
    {
        writer.UInt32(slept is { } time ? (uint)Math.Clamp(time.TotalMilliseconds, 0, Unknown - 1) : Unknown);
        var count = 0;
        for (var i = 0; i < (clocks?.Count ?? 0); i++)
            count += clocks?.RateOf(i, now) is null ? 0 : 1;
        writer.UInt16((ushort)count);
        for (var i = 0; i < (clocks?.Count ?? 0); i++)
        {
            if (clocks?.RateOf(i, now) is not { } rate)
                continue;
            writer.UInt16((ushort)clocks.NumberOf(i));
            writer.UInt32(unchecked((uint)(int)Math.Clamp(rate.Ppm * PerMillion, int.MinValue, int.MaxValue)));
            writer.UInt16((ushort)Math.Clamp(rate.Over.TotalSeconds, 0, ushort.MaxValue));
        }
    }

    /// <summary>A beacon of an earlier version ends its report before this. A host that is no peer any more has no name.</summary>
    public static (TimeSpan? Slept, ValueList<ClockReading> Clocks) Read(ref WireReader reader, Dictionary<ushort, HostId> names)
    {
        if (reader.AtEnd)
            return (null, []);
        var slept = reader.UInt32();
        var clocks = new List<ClockReading>();
        for (var left = reader.Count(AgentFrame.MaxPeers); left > 0; left--)
        {
            var (number, rate, over) = (reader.UInt16(), unchecked((int)reader.UInt32()), reader.UInt16());
            if (names.TryGetValue(number, out var host))
                clocks.Add(new ClockReading(host, rate / PerMillion, TimeSpan.FromSeconds(over)));
        }

        return (slept == Unknown ? null : TimeSpan.FromMilliseconds(slept), clocks.OrderBy(one => one.Peer).ToValueList());
    }
}
