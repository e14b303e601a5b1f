using System.Text;
using System.Text.Json;

namespace Mainstay.Store.Etcd.Member;

/// <summary>The member's log file. etcd 3.4 does not bound it itself; it appends, so the file can be cut under it.</summary>
internal static class MemberLog
{
    private const int TailBytes = 4096;

    /// <summary>Keeps one older part. Lines written between copy and cut are lost.</summary>
    public static void Bound(string file, long bytes)
    {
        try
        {
            if (!File.Exists(file) || new FileInfo(file).Length <= bytes)
                return;
            File.Copy(file, file + ".1", overwrite: true);
            using var cut = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            cut.SetLength(0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk is noticed by etcd itself; the next round tries again.
        }
    }

    /// <summary>The last complaint of the member, for people.</summary>
    public static string LastLine(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines is [] ? "its log is empty" : Message(lines.LastOrDefault(IsComplaint) ?? lines[^1]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"its log {file} cannot be read";
        }
    }

    private static bool IsComplaint(string line) =>
        line.Contains("\"level\":\"fatal\"", StringComparison.Ordinal) || line.Contains("\"level\":\"panic\"", StringComparison.Ordinal)
        || line.StartsWith("panic:", StringComparison.Ordinal);

    private static string Message(string line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line);
            var text = parsed.RootElement.TryGetProperty("msg", out var message) ? message.GetString() : null;
            return parsed.RootElement.TryGetProperty("error", out var error) ? $"{text}: {error.GetString()}" : text ?? line;
        }
        catch (JsonException)
        {
            return line;
        }
    }
}
