using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mainstay.Store.Etcd.Member;

/// <summary>Finds out whether ports of this host are free, and who holds them.</summary>
public static class PortOwner
{
    private const string Listening = "0A";
    private static readonly string[] SocketTables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];

    /// <summary>Null when everything can be bound. Otherwise why not, and the process in the way if it can be found.</summary>
    internal static (string Why, int? Pid)? Conflict(EtcdMemberOptions options)
    {
        foreach (var address in options.Addresses)
            foreach (var port in (int[])[options.ClientPort, options.PeerPort])
                if (Conflict(address, port) is { } conflict)
                    return conflict;
        return null;
    }

    /// <summary>The same for one TCP port.</summary>
    public static (string Why, int? Pid)? Conflict(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            using var trial = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            trial.Bind(new IPEndPoint(address, port));
            trial.Listen(1);
            return null;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var pid = Find(address, port);
            var who = pid is { } known ? $"process {known} ({Name(known)})" : "another process";
            return ($"Port {port} on {address} is taken by {who}. Stop it.", pid);
        }
        catch (SocketException failure)
        {
            return ($"Port {port} on {address} cannot be used: {failure.Message}. Name an address of this host.", null);
        }
    }

    private static int? Find(IPAddress address, int port)
    {
        string[] local = [.. ((IPAddress[])[address, IPAddress.Any, IPAddress.IPv6Any]).Select(a => Text(a, port))];
        var inodes = SocketTables.Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [_, var at, _, Listening, ..] && fields.Length > 9 && local.Contains(at))
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Holds(pid, inodes))
                return pid;
        return null;
    }

    /// <summary>As the kernel writes it: words of four bytes in the machine's order.</summary>
    private static string Text(IPAddress address, int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Concat(address.GetAddressBytes().Chunk(4).Select(w => $"{BitConverter.ToUInt32(w):X8}"))}:{port:X4}");

    private static bool Holds(int pid, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(file => inodes.Contains(new FileInfo(file).LinkTarget ?? ""));
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Name(int pid) => EtcdProcess.ArgumentsOf(pid) is [var program, ..] && program.Length > 0
        ? Path.GetFileName(program)
        : "name unknown";
}
