using System.Text;

namespace Mainstay.Simulator.Language;

/// <summary>Splits a line into words; a text in double quotes is one word; <c>#</c> begins a comment.</summary>
internal static class Tokens
{
    public static List<string> Split(string line, int number)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quoted = false;
        var open = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
                open = true;
            }
            else if (!quoted && c == '#')
            {
                break;
            }
            else if (!quoted && char.IsWhiteSpace(c))
            {
                Close();
            }
            else
            {
                word.Append(c);
                open = true;
            }
        }

        if (quoted)
            throw new ScenarioException(number, $"the text \"{word}\" is not closed: write a double quote at its end");
        Close();
        return words;

        void Close()
        {
            if (open)
                words.Add(word.ToString());
            word.Clear();
            open = false;
        }
    }
}
