namespace Mainstay.Lab.Tests;

/// <summary>The tests that make labs of their own, one after the other.</summary>
[CollectionDefinition("lab", DisableParallelization = true)]
public sealed class LabCollection;
