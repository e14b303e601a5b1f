using Mainstay.Core.Facts;
using Mainstay.Core.Ordering;

namespace Mainstay.Simulator.Language;

/// <summary>The values that a statement gave to the places of its pattern, each kind in the order of the pattern.</summary>
internal sealed class Words
{
    public List<string> Hosts { get; } = [];

    public List<List<string>> HostLists { get; } = [];

    public List<string> Guests { get; } = [];

    public List<string> Storages { get; } = [];

    public List<int> Networks { get; } = [];

    public List<TimeSpan> Times { get; } = [];

    public List<int> Numbers { get; } = [];

    public List<string> Texts { get; } = [];

    public List<World.HostProcess> Processes { get; } = [];

    public List<StartDependency> Edges { get; } = [];

    public List<FactField> Fields { get; } = [];

    /// <summary>The agent that a request is to go to; null lets the command line choose.</summary>
    public string? Via { get; set; }
}
