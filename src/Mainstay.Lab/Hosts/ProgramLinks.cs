namespace Mainstay.Lab.Hosts;

/// <summary>Fills the directory that every host sees as /usr/local/sbin: the lab's fence agent and links to Mainstay's programs.</summary>
internal static class ProgramLinks
{
    private static readonly string[] Programs = ["mainstay", "mainstay-agent", "mainstay-beacon"];

    public static void Write(LabLayout layout)
    {
        Directory.CreateDirectory(layout.ProgramDirectory);
        LabResource.WriteScript("fence_lab", Path.Combine(layout.ProgramDirectory, "fence_lab"));
        foreach (var program in Programs)
        {
            var link = Path.Combine(layout.ProgramDirectory, program);
            File.Delete(link);
            if (Find(layout.Options, program) is { } file)
                File.CreateSymbolicLink(link, file);
        }
    }

    /// <summary>What is missing, in words; empty when everything is there.</summary>
    public static IReadOnlyList<string> Missing(LabOptions options) =>
        options.Bare ? [] : [.. Programs.Where(program => Find(options, program) is null)];

    public static string? Find(LabOptions options, string program) =>
        options.ProgramDirectories.Select(directory => Path.GetFullPath(Path.Combine(directory, program))).FirstOrDefault(File.Exists);
}
