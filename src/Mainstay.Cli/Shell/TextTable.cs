using System.Text;

namespace Mainstay.Cli.Shell;

/// <summary>Rows in columns as wide as their content. The last column is free to be long: it is never padded or cut.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";

    private readonly List<(Cell[] Cells, string[] Notes)> rows = [];
    private readonly HashSet<int> rightAligned = [];

    public bool IsEmpty => rows.Count == 0;

    public TextTable AlignRight(params int[] columns)
    {
        rightAligned.UnionWith(columns);
        return this;
    }

    public void Add(params Cell[] cells) => rows.Add((cells, []));

    /// <summary>A row with lines of explanation below it.</summary>
    public void AddWithNotes(IEnumerable<string> notes, params Cell[] cells) => rows.Add((cells, [.. notes]));

    public void Write(TextWriter to, Ink ink)
    {
        var widths = new int[headings.Length];
        for (var column = 0; column < widths.Length; column++)
            widths[column] = rows.Select(row => Ink.Clean(row.Cells[column].Text).Length).Append(headings[column].Length).Max();
        WriteRow(to, ink, widths, [.. headings.Select(heading => new Cell(heading, Tone.Faint))]);
        foreach (var (cells, notes) in rows)
        {
            WriteRow(to, ink, widths, cells);
            foreach (var note in notes)
                to.WriteLine(new string(' ', widths[0] + Gap.Length) + ink.Paint(note, Tone.Faint));
        }
    }

    private void WriteRow(TextWriter to, Ink ink, int[] widths, Cell[] cells)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Length; column++)
        {
            var cell = cells[column];
            var padding = new string(' ', widths[column] - Ink.Clean(cell.Text).Length);
            line.Append(column > 0 ? Gap : "")
                .Append(rightAligned.Contains(column) ? padding : "")
                .Append(ink.Paint(cell.Text, cell.Tone))
                .Append(rightAligned.Contains(column) || column == cells.Length - 1 ? "" : padding);
        }

        to.WriteLine(line.ToString().TrimEnd());
    }
}
