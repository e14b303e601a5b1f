using System.Numerics;

namespace Mainstay.Core.Placement.Packing;

/// <summary>A set of hosts by their positions in the world. Immutable; groups with the same needs share one.</summary>
internal sealed class HostSet
{
    private const int WordBits = 64;
    private readonly ulong[] words;

    private HostSet(ulong[] words, int count)
    {
        this.words = words;
        Count = count;
    }

    public int Count { get; }

    public ReadOnlySpan<ulong> Words => words;

    public static HostSet Of(int hosts, Func<int, bool> contains)
    {
        var words = new ulong[(hosts + WordBits - 1) / WordBits];
        for (var host = 0; host < hosts; host++)
        {
            if (contains(host))
                words[host / WordBits] |= 1UL << (host % WordBits);
        }

        return From(words);
    }

    public static HostSet All(int hosts) => Of(hosts, _ => true);

    public bool Contains(int host) => (words[host / WordBits] >> (host % WordBits) & 1) != 0;

    public HostSet And(HostSet other) => From([.. words.Select((word, i) => word & other.words[i])]);

    private static HostSet From(ulong[] words)
    {
        var count = 0;
        foreach (var word in words)
            count += BitOperations.PopCount(word);
        return new HostSet(words, count);
    }
}
