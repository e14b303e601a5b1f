namespace Mainstay.Agent.Configuration;

/// <summary>Small files of the kernel and of other programs, which may not be there.</summary>
internal static class TextFile
{
    /// <summary>The text without blanks around it; null when there is none, or it cannot be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
