using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Placement;

/// <summary>
/// What is counted of hosts: memory always, virtual processors and huge pages of a size where a guest is known to need some. Memory is in
/// MiB, so are huge pages.
/// </summary>
internal sealed class Dimensions
{
    /// <summary>Room of a host that did not say how much it has: it forbids nothing.</summary>
    private const long NotKnown = 1L << 40;

    private readonly int vcpusPerCpu;
    private readonly bool vcpus;
    private readonly ImmutableArray<long> pages;

    private Dimensions(int vcpusPerCpu, bool vcpus, ImmutableArray<long> pages)
    {
        (this.vcpusPerCpu, this.vcpus, this.pages) = (vcpusPerCpu, vcpus, pages);
        Names =
        [
            "memory", .. vcpus ? ["vcpus"] : Array.Empty<string>(),
            .. pages.Select(size => string.Create(CultureInfo.InvariantCulture, $"pages of {size} KiB")),
        ];
    }

    public ImmutableArray<string> Names { get; }

    public static Dimensions Of(ClusterView view)
    {
        var ratio = view.Settings?.Value.VcpusPerCpu ?? ClusterSettings.DefaultVcpusPerCpu;
        var (vcpus, sizes) = (false, new SortedSet<long>());
        foreach (var (_, group) in view.Groups)
        {
            vcpus |= group.Value.Needs is { Vcpus: > 0 };
            foreach (var page in group.Value.Needs is { } needs ? needs.Pages.AsSpan() : [])
                sizes.Add(page.SizeKiB);
        }

        return new Dimensions(ratio, ratio > 0 && vcpus, [.. sizes]);
    }

    public long[] Needs(GroupSpec spec)
    {
        var needs = new long[Names.Length];
        needs[0] = spec.HostMemoryMiB;
        if (spec.Needs is not { } known)
            return needs;
        var first = vcpus ? 2 : 1;
        if (vcpus)
            needs[1] = known.Vcpus;
        foreach (var page in known.Pages.AsSpan())
            needs[first + pages.BinarySearch(page.SizeKiB)] += page.MiB;
        return needs;
    }

    public long[] Capacity(HostLoad? load, HostOffer? offer) =>
        Amounts(load?.MemoryMiB ?? 0, offer is { Cpus: > 0 } ? (long)offer.Cpus * vcpusPerCpu : 0, size => Page(offer, size).TotalMiB, 0);

    public long[] Free(HostLoad? load, HostOffer? offer) => Amounts(
        (load?.MemoryMiB ?? 0) - (load?.UsedMiB ?? 0),
        offer is { Cpus: > 0 } ? (long)offer.Cpus * vcpusPerCpu : NotKnown,
        size => Page(offer, size).TotalMiB - Page(offer, size).UsedMiB,
        offer is null ? NotKnown : 0);

    /// <summary>What the group lacks there, one sentence for each dimension.</summary>
    public IEnumerable<string> Lacking(ReadOnlyMemory<long> needs, Func<int, double> free)
    {
        for (var d = 0; d < needs.Length; d++)
        {
            var (need, left) = (needs.Span[d], Math.Max(0, free(d)));
            if (need > 0 && need > free(d))
            {
                yield return d == 0
                    ? string.Create(CultureInfo.InvariantCulture, $"needs {need} MiB, {left:0} MiB free")
                    : vcpus && d == 1
                        ? string.Create(CultureInfo.InvariantCulture, $"needs {need} vcpus, {left:0} free at {vcpusPerCpu} a cpu")
                        : string.Create(CultureInfo.InvariantCulture, $"needs {need} MiB in {Names[d]}, {left:0} MiB free");
            }
        }
    }

    private long[] Amounts(long memory, long processors, Func<long, long> page, long unknownPages)
    {
        var amounts = new long[Names.Length];
        amounts[0] = memory;
        var next = 1;
        if (vcpus)
            amounts[next++] = processors;
        foreach (var size in pages)
            amounts[next++] = unknownPages > 0 ? unknownPages : page(size);
        return amounts;
    }

    private static PageOffer Page(HostOffer? offer, long size) =>
        offer?.Pages.FirstOrDefault(page => page.SizeKiB == size) ?? default;
}
