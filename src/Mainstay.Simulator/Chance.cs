namespace Mainstay.Simulator;

/// <summary>The simulator's own generator (xoshiro256** seeded by splitmix64): the same seed, the same run everywhere (S8).</summary>
internal sealed class Chance
{
    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;

    public Chance(ulong seed)
    {
        var mix = seed;
        (a, b, c, d) = (Mix(ref mix), Mix(ref mix), Mix(ref mix), Mix(ref mix));
    }

    public ulong Next()
    {
        var result = ulong.RotateLeft(b * 5, 7) * 9;
        var t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = ulong.RotateLeft(d, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(((UInt128)Next() * (ulong)limit) >> 64);

    /// <summary>True in so many of 100 cases. Draws nothing for 0, so that an unused fault does not shift the run.</summary>
    public bool Happens(int percent) => percent > 0 && Below(100) < percent;

    public TimeSpan Between(TimeSpan low, TimeSpan high) =>
        low + TimeSpan.FromTicks((long)(((UInt128)Next() * (ulong)(high - low).Ticks) >> 64));

    public TimeSpan Milliseconds(double low, double high) => Between(TimeSpan.FromMilliseconds(low), TimeSpan.FromMilliseconds(high));

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A generator of its own for a part, so that parts do not disturb each other's draws.</summary>
    public Chance Fork() => new(Next());

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
