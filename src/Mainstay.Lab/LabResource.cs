namespace Mainstay.Lab;

/// <summary>Files that travel inside the assembly.</summary>
internal static class LabResource
{
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(LabResource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    public static string Text(string name) => System.Text.Encoding.UTF8.GetString(Bytes(name));

    public static void WriteScript(string name, string path)
    {
        File.WriteAllBytes(path, Bytes(name));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
