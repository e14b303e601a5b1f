using System.Globalization;
using System.Net.NetworkInformation;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Member;

/// <summary>
/// Counts how often the links that carry the beacons' addresses went down, from what the kernel counts: a flap between two looks is seen.
/// </summary>
internal sealed class LinkWatch(IReadOnlyList<string> addresses, string classNet, TimeProvider time) : ILinkWatch
{
    private const int Most = 1000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NamesLast = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> downs = new(StringComparer.Ordinal);
    private readonly Queue<long> seen = new();
    private string[] names = [];
    private long? namesAt;

    public int Flaps()
    {
        if (namesAt is not { } at || time.GetElapsedTime(at) > NamesLast)
            (names, namesAt) = (Names(), time.GetTimestamp());
        foreach (var name in names)
        {
            if (Downs(name) is not { } count)
                continue;
            for (var i = downs.GetValueOrDefault(name, count); i < count && seen.Count < Most; i++)
                seen.Enqueue(time.GetTimestamp());
            downs[name] = count;
        }

        while (seen.TryPeek(out var oldest) && time.GetElapsedTime(oldest) > Window)
            seen.Dequeue();
        return seen.Count;
    }

    private string[] Names() =>
    [
        .. from network in NetworkInterface.GetAllNetworkInterfaces()
           where network.GetIPProperties().UnicastAddresses.Any(address => addresses.Contains(address.Address.ToString()))
           select network.Name,
    ];

    private long? Downs(string name)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(classNet, name, "carrier_down_count"));
            return long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // An interface without a carrier, or one that went away, has no count.
        }
    }
}
