using System.Text;
using Mainstay.Core.Model;

namespace Mainstay.Fencing;

/// <summary>What goes to a fence agent and what may be shown of its answer.</summary>
internal static class FenceCall
{
    private const int LongestCause = 300;

    /// <summary>The agent's standard input: one option a line. Secrets stand nowhere else.</summary>
    public static string Input(FenceMethod method, string action)
    {
        var text = new StringBuilder();
        text.Append("action=").Append(action).Append('\n');
        foreach (var option in method.Options)
        {
            if (option.Name.AsSpan().ContainsAny('\n', '\r', '=') || option.Value.AsSpan().ContainsAny('\n', '\r'))
                throw new InvalidOperationException(
                    $"Option {option.Name} of method {method.Name} has a line break; it was stored unchecked.");
            text.Append(option.Name).Append('=').Append(Quoted(option.Value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The part of the agent's errors worth showing, on one line, without secrets.</summary>
    public static string Cause(string errors, FenceMethod method)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(l => !l.Contains("DeprecationWarning", StringComparison.Ordinal) && !l.StartsWith("from ", StringComparison.Ordinal))
            .Select(WithoutTime)
            .Distinct()
            .TakeLast(4);
        var cause = Masked(string.Join("; ", lines), method);
        return cause.Length <= LongestCause ? cause : cause[..LongestCause] + "…";
    }

    public static string Masked(string text, FenceMethod method) =>
        method.Options.Where(o => o.Secret && o.Value.Length > 0)
            .OrderByDescending(o => o.Value.Length)
            .Aggregate(text, (masked, option) => masked.Replace(option.Value, "(secret)", StringComparison.Ordinal));

    // The agents' parser strips blanks and one pair of quotes around a value; a pair of our own keeps both.
    private static string Quoted(string value) =>
        value.Length > 0 && (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])
            || (value.Length > 1 && value[0] == '"' && value[^1] == '"'))
            ? $"\"{value}\""
            : value;

    // The agents' log lines begin with date and time; in a sentence they only hide the cause.
    private static string WithoutTime(string line)
    {
        var parts = line.Split(' ', 4);
        return parts is [{ Length: 10 } date, { Length: > 7 }, _, var rest] && date[4] == '-' ? rest : line;
    }
}
