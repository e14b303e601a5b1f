namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The tests that share one cluster with leases.</summary>
[CollectionDefinition("lease")]
public sealed class LeaseCollection : ICollectionFixture<LeaseLab>;
