namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The tests that share one cluster.</summary>
[CollectionDefinition("cluster")]
public sealed class ClusterCollection : ICollectionFixture<ClusterLab>;
