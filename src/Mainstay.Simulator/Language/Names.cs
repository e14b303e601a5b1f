namespace Mainstay.Simulator.Language;

/// <summary>The names a scenario has introduced so far.</summary>
internal sealed class Names
{
    /// <summary>The host whose agent leads, and the host whose etcd member leads, at the moment the step is done.</summary>
    public static readonly string[] Roles = ["leader", "store-leader"];

    public SortedSet<string> Hosts { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Guests { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>Names given by <c>call</c>.</summary>
    public SortedSet<string> Aliases { get; } = new(StringComparer.Ordinal);

    public bool IsHost(string word) => Hosts.Contains(word) || Aliases.Contains(word) || Array.IndexOf(Roles, word) >= 0;

    public bool IsGuest(string word) => Guests.Contains(word);

    public bool IsTaken(string word) => IsHost(word) || IsGuest(word) || Storages.Contains(word) || Vocabulary.IsReserved(word);
}
