namespace Mainstay.Contract.Tests.Storage;

/// <summary>A folder with shell scripts in the place of a storage's tools, and the state that they keep.</summary>
internal sealed class ToolFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mainstay-tools").FullName;

    public string Tools => folder;

    /// <param name="body">Shell; <c>$S</c> is the folder of the state.</param>
    public void Write(string tool, string body)
    {
        var path = Path.Combine(folder, tool);
        var dead = "[ -e $S/dead ] && { echo 'no route to it' >&2; exit 255; }";
        File.WriteAllText(path, $"#!/bin/sh\nS={folder}/state\nmkdir -p $S\n{dead}\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Read(string name) => File.Exists(StatePath(name)) ? File.ReadAllText(StatePath(name)) : "";

    public void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(StatePath(name)) ?? folder);
        File.WriteAllText(StatePath(name), text);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string StatePath(string name) => Path.Combine(folder, "state", name);
}
