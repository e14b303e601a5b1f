using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Store.Etcd.Member;

/// <summary>Whose data the directory holds, and with what a member that has no data yet must start.
/// Written before the first start.</summary>
internal sealed record MemberIdentity
{
    public int Schema { get; init; } = 1;

    public required string ClusterId { get; init; }

    public required string Name { get; init; }

    /// <summary>etcd's member id in hexadecimal; null for a first member, whose id etcd derives itself.</summary>
    public string? MemberId { get; init; }

    /// <summary>True: the first member of a new cluster. False: joins one.</summary>
    public required bool IsFirst { get; init; }

    /// <summary>The members at the time of joining, as etcd's <c>initial-cluster</c>.</summary>
    public required string InitialCluster { get; init; }

    public ulong? Id => MemberId is null ? null : ulong.Parse(MemberId, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Null when there is none. Throws JsonException or IOException when it cannot be read.</summary>
    public static MemberIdentity? Load(string file) => File.Exists(file)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(file), MemberIdentityJson.Default.MemberIdentity)
        : null;

    /// <summary>Complete or not at all, also across a power cut.</summary>
    public void Save(string file)
    {
        var fresh = file + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, MemberIdentityJson.Default.MemberIdentity));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, file, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(MemberIdentity))]
internal sealed partial class MemberIdentityJson : JsonSerializerContext;
