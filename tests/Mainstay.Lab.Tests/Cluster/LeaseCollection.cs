namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The tests that share one cluster with leases.</summary>
[CollectionDefinition("lease", DisableParallelization = true)]
public sealed class LeaseCollection : ICollectionFixture<LeaseLab>;
