namespace Mainstay.Simulator.World;

/// <summary>How often a kernel says that nobody listens: as Linux does it, six times at once to each host, then once a second.</summary>
internal sealed class RefusalLimit(int hosts)
{
    private const int Burst = 6;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly TimeSpan[] paid = new TimeSpan[hosts];

    /// <summary>Whether it may be said now; counts it.</summary>
    public bool Take(int to, TimeSpan now)
    {
        var since = paid[to] > now - (Every * Burst) ? paid[to] : now - (Every * Burst);
        paid[to] = now - since < Every ? since : since + Every;
        return now - since >= Every;
    }
}
