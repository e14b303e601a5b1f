using System.Globalization;
using Mainstay.Lab.Processes;

namespace Mainstay.Lab.Hosts;

/// <summary>
/// The list of everything a lab puts on the machine, written before it is made (a process: at once after), so that whoever comes
/// next can remove it when the supervisor was killed.
/// </summary>
internal sealed class MadeThings(string path)
{
    public void Link(string name) => Append("link", name);

    public void Table(string name) => Append("table", name);

    public void Directory(string directory) => Append("directory", directory);

    public void Process(int pid)
    {
        if (ProcessTable.Find(pid) is { } entry)
            Append("process", string.Create(CultureInfo.InvariantCulture, $"{pid} {entry.StartTime}"));
    }

    public static IReadOnlyList<(string Kind, string What)> Read(string path) =>
        File.Exists(path)
            ? [.. File.ReadLines(path).Select(line => line.Split(' ', 2))
                .Where(parts => parts.Length == 2).Select(parts => (parts[0], parts[1]))]
            : [];

    private void Append(string kind, string what) => File.AppendAllText(path, $"{kind} {what}\n");
}
