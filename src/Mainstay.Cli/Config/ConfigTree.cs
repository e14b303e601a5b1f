using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mainstay.Cli.Config;

/// <summary>
/// Reads YAML into nodes that know their lines. All values are text here, so that no word of YAML (<c>on</c>, <c>no</c>, <c>1e3</c>) turns
/// into something else than what stands there.
/// </summary>
internal sealed class ConfigTree
{
    private const int MostDepth = 12;

    private readonly Parser parser;
    private readonly List<ConfigProblem> problems;

    private ConfigTree(string text, List<ConfigProblem> problems) =>
        (parser, this.problems) = (new Parser(new StringReader(text)), problems);

    /// <summary>The content; null when it is empty, or no YAML: then the last problem says where.</summary>
    public static ConfigNode? Read(string text, List<ConfigProblem> problems)
    {
        try
        {
            var tree = new ConfigTree(text, problems);
            return tree.Document();
        }
        catch (YamlException error)
        {
            problems.Add(Told(text, error));
            return null;
        }
    }

    private static ConfigProblem Told(string text, YamlException error)
    {
        var lines = text.TrimEnd().Split('\n');
        // A tab is where most of these come from, and the parser complains elsewhere.
        var tab = Array.FindIndex(lines, line => line.TrimStart(' ').StartsWith('\t')) + 1;
        return tab > 0
            ? new ConfigProblem(tab, "this cannot be read: a tab in the indentation. Use spaces")
            : new ConfigProblem(
                Math.Min(LineOf(error.End), lines.Length),
                $"this cannot be read: {error.Message.TrimEnd('.')}. Look at the indentation, at brackets, colons and quotes");
    }

    private ConfigNode? Document()
    {
        ConfigNode? root = null;
        while (Move())
        {
            if (parser.Current is StreamStart or StreamEnd or DocumentStart or DocumentEnd)
                continue;
            if (root is not null)
                throw new SemanticErrorException(At, At, "a second document begins here, and there is one in a file");
            root = Node(0);
        }

        return root;
    }

    private Mark At => parser.Current?.Start ?? Mark.Empty;

    // At the first event of a node; left at its last.
    private ConfigNode Node(int depth)
    {
        var line = LineOf(At);
        if (depth > MostDepth)
            throw new SemanticErrorException(At, At, $"nested more than {MostDepth} levels deep");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
            throw new SemanticErrorException(At, At, "anchors and aliases (& and *) are not used here; write the value out");
        return parser.Current switch
        {
            Scalar scalar => new ConfigNode.Text(line, scalar.Value),
            SequenceStart => new ConfigNode.List(line, Items(depth)),
            MappingStart => new ConfigNode.Map(line, Entries(depth)),
            _ => throw new SemanticErrorException(At, At, "neither a value, a list nor a key"),
        };
    }

    private List<ConfigNode> Items(int depth)
    {
        var items = new List<ConfigNode>();
        while (Next() is not SequenceEnd)
            items.Add(Node(depth + 1));
        return items;
    }

    private List<ConfigEntry> Entries(int depth)
    {
        var (entries, seen) = (new List<ConfigEntry>(), new Dictionary<string, int>(StringComparer.Ordinal));
        while (Next() is not MappingEnd)
        {
            if (Node(depth + 1) is not ConfigNode.Text key)
                throw new SemanticErrorException(At, At, "a key is a word, not a list or a mapping");
            Next();
            var value = Node(depth + 1);
            if (seen.TryAdd(key.Value, key.Line))
                entries.Add(new ConfigEntry(key.Line, key.Value, value));
            else
                problems.Add(new ConfigProblem(key.Line, $"'{key.Value}' stands here and in line {seen[key.Value]}: leave one out"));
        }

        return entries;
    }

    private ParsingEvent? Next() => Move()
        ? parser.Current
        : throw new SemanticErrorException(At, At, "it ends in the middle");

    // On some broken texts the parser stumbles instead of saying what it expected; the place is all that is known then.
    private bool Move()
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw new YamlException(At, At, "the text that begins here is never closed or not well formed", error);
        }
    }

    private static int LineOf(Mark mark) => (int)Math.Max(1, mark.Line);
}
