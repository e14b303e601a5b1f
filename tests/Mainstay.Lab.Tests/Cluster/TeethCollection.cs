namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The tests that take guards away, on a cluster that they may spoil.</summary>
[CollectionDefinition("teeth")]
public sealed class TeethCollection : ICollectionFixture<TeethLab>;
