namespace Mainstay.Cli.Config;

/// <summary>A piece of a configuration file, with the line where it begins, from 1.</summary>
internal abstract record ConfigNode
{
    private ConfigNode(int line) => Line = line;

    public int Line { get; }

    /// <summary>A value; empty when nothing is written.</summary>
    public sealed record Text(int Line, string Value) : ConfigNode(Line);

    public sealed record List(int Line, IReadOnlyList<ConfigNode> Items) : ConfigNode(Line);

    /// <summary>In the order of the file, no key twice.</summary>
    public sealed record Map(int Line, IReadOnlyList<ConfigEntry> Entries) : ConfigNode(Line);
}

/// <summary>A key with its value.</summary>
/// <param name="Line">Where the key stands.</param>
internal sealed record ConfigEntry(int Line, string Key, ConfigNode Value);

/// <summary>Something in a configuration file is wrong.</summary>
/// <param name="Text">What, with which value, and the mend.</param>
internal sealed record ConfigProblem(int Line, string Text);
