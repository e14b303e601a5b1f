using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Agent.Configuration;

/// <summary>
/// The host's configuration, <c>/etc/mainstay/agent.json</c>: written by init and join; its presence makes this host a member.
/// </summary>
internal sealed record AgentFile
{
    public const string UsualLibvirtUri = "qemu:///system";

    public int Schema { get; set; } = 1;

    public required string Cluster { get; init; }

    public required string ClusterId { get; init; }

    public required string Host { get; init; }

    public required int Number { get; init; }

    /// <summary>One per network the beacons use, best first.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>This machine runs no guests: it needs no libvirt and gets no hook.</summary>
    public bool Witness { get; init; }

    // Defaults need a setter: the generated reader would overwrite what an init-only member begins with.
    /// <summary>How long a guest may take to shut down when asked, in seconds.</summary>
    public int StopGraceSeconds { get; set; } = 60;

    /// <summary>libvirt's address on this host.</summary>
    public string LibvirtUri { get; set; } = UsualLibvirtUri;

    /// <summary>The etcd server program.</summary>
    public string EtcdProgram { get; set; } = "/usr/bin/etcd";

    /// <summary>Null when there is none. An <see cref="AgentException"/> names file, line, value and mend.</summary>
    public static AgentFile? Load(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentFileJson.Default.AgentFile)
                ?? throw new AgentException($"{path}: is 'null'; restore it, or remove it and join again");
            Validate(path, file);
            return file;
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $" line {line + 1}" : "";
            var setting = e.Path is { Length: > 2 } member ? $" ({member[2..]})" : "";
            throw new AgentException(
                $"{path}{place}{setting}: {e.Message.Split(" Path:")[0]} Correct it; docs/reference lists the settings.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AgentException($"{path} cannot be read: {e.Message} Run the agent as root.", e);
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AgentFileJson.Default.AgentFile);

    private static void Validate(string path, AgentFile file)
    {
        var finding = file switch
        {
            { Schema: not 1 } => $"schema is {file.Schema}, this version knows 1; install a newer version",
            { Host: var host } when Names.Fault(host) is { } fault => $"host '{host}' {fault}",
            { Number: < 1 or > ushort.MaxValue } => $"number is {file.Number}; it is 1 to 65535",
            { Addresses.Count: 0 } => "addresses is empty; name at least one address of this host",
            { StopGraceSeconds: < 0 or > 3600 } => $"stop_grace_seconds is {file.StopGraceSeconds}; give 0 to 3600",
            _ => file.Addresses.Where(a => !System.Net.IPAddress.TryParse(a, out _)).Select(a => $"address '{a}' is no IP address")
                .FirstOrDefault(),
        };
        if (finding is not null)
            throw new AgentException($"{path}: {finding}");
    }
}

/// <summary>Configuration is strict: unknown members are errors (C13).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AgentFile))]
internal sealed partial class AgentFileJson : JsonSerializerContext;
