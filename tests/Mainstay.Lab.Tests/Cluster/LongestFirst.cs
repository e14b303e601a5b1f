using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Mainstay.Lab.Tests.Cluster.LongestFirst))]
[assembly: Parallelization(MaxThreads = 2)]

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>
/// Clusters mostly wait: two of them are tested at a time, the one with the most tests beside all others. What makes labs of its own comes
/// afterwards, alone.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : Xunit.Sdk.ITestCollection =>
        [.. testCollections.OrderBy(one => one.TestCollectionDisplayName == "cluster" ? 0 : 1)
            .ThenBy(one => one.TestCollectionDisplayName, StringComparer.Ordinal)];
}
