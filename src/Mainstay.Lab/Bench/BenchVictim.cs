namespace Mainstay.Lab.Bench;

/// <summary>Which host of the lab a benchmark kills.</summary>
internal enum BenchVictim
{
    /// <summary>A host that leads neither Mainstay nor its store.</summary>
    Any,

    /// <summary>The host of Mainstay's leader, with the store's leader on it.</summary>
    Leader,
}
