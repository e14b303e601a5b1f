namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The tests that share a cluster of two hosts and a witness.</summary>
[CollectionDefinition("witness")]
public sealed class WitnessCollection : ICollectionFixture<WitnessLab>;
