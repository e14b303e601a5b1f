using System.Globalization;
using System.Text;

namespace Mainstay.Hypervisor.Libvirt;

/// <summary>A QEMU process that carries a guest's identity on its command line.</summary>
internal readonly record struct SeenProcess(int Pid, string Uuid, string? Name);

/// <summary>Finds QEMU processes by their command lines in /proc, whatever libvirt knows of them. Sees this PID namespace only.</summary>
internal static class GuestProcessScan
{
    private const int CommandLineLimit = 256 * 1024;

    internal static List<SeenProcess> Run()
    {
        var found = new List<SeenProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Read(pid) is { } seen)
                found.Add(seen);
        }

        return found;
    }

    internal static SeenProcess? Read(int pid)
    {
        var line = ReadCommandLine($"/proc/{pid}/cmdline");
        return line.Length > 0 ? Identify(pid, line) : ReadThreads(pid);
    }

    /// <summary>
    /// A first thread that has ended has no command line; a sibling stuck in the kernel still has it and may still write.
    /// </summary>
    private static SeenProcess? ReadThreads(int pid)
    {
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                var line = ReadCommandLine($"{thread}/cmdline");
                if (line.Length > 0)
                    return Identify(pid, line);
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
        }

        return null;
    }

    private static SeenProcess? Identify(int pid, string line)
    {
        var arguments = line.Split('\0');
        var program = Path.GetFileName(arguments[0]);
        if (!program.Contains("qemu", StringComparison.Ordinal) && !program.Contains("kvm", StringComparison.Ordinal))
            return null;
        string? uuid = null, name = null;
        for (var i = 1; i + 1 < arguments.Length; i++)
        {
            if (arguments[i] is "-uuid" or "--uuid" && Guid.TryParse(arguments[i + 1], out var parsed))
                uuid = parsed.ToString();
            else if (arguments[i] is "-name" or "--name")
                name = GuestName(arguments[i + 1]);
        }

        return uuid is null ? null : new SeenProcess(pid, uuid, name);
    }

    /// <summary>The name of <c>guest=NAME,debug-threads=on</c>, where a comma in the name is written twice.</summary>
    private static string GuestName(string option)
    {
        var text = option.StartsWith("guest=", StringComparison.Ordinal) ? option["guest=".Length..] : option;
        var name = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ',' && (i + 1 == text.Length || text[++i] != ','))
                break;
            name.Append(text[i]);
        }

        return name.ToString();
    }

    private static string ReadCommandLine(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var buffer = new byte[4096];
            var length = 0;
            while (length < CommandLineLimit)
            {
                var read = file.Read(buffer, length, buffer.Length - length);
                if (read == 0)
                    break;
                length += read;
                if (length == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
