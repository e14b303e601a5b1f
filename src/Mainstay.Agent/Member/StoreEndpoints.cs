using Mainstay.Agent.Configuration;
using Mainstay.Contracts;

namespace Mainstay.Agent.Member;

/// <summary>
/// Where the store was last reached, kept on disk: a host without a member of its own must find the others after a restart.
/// </summary>
internal static class StoreEndpoints
{
    public static IReadOnlyList<Uri> Load(FileLayout layout)
    {
        var path = PathOf(layout);
        return File.Exists(path)
            ? [.. File.ReadAllLines(path).Where(l => Uri.TryCreate(l, UriKind.Absolute, out _)).Select(l => new Uri(l))]
            : [];
    }

    public static void Save(FileLayout layout, IReadOnlyList<Uri> endpoints)
    {
        Directory.CreateDirectory(layout.State);
        PrivateFiles.Replace(
            PathOf(layout), System.Text.Encoding.UTF8.GetBytes(string.Join('\n', endpoints.Select(e => e.ToString())) + "\n"));
    }

    /// <summary>There may be none yet, nor its directory.</summary>
    public static void Remove(FileLayout layout)
    {
        if (File.Exists(PathOf(layout)))
            File.Delete(PathOf(layout));
    }

    private static string PathOf(FileLayout layout) => Path.Combine(layout.State, "store-endpoints");
}
