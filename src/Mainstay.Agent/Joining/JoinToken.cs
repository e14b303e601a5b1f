using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Agent.Joining;

/// <summary>What a new host needs to trust the cluster and to be trusted by it once: pinned authority, secret and expiry.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Fingerprint">SHA-256 of the authority's certificate.</param>
/// <param name="Id">Names the token in the store.</param>
/// <param name="Secret">32 random bytes, base64url; the store keeps only its hash.</param>
/// <param name="Expires">Unix seconds.</param>
internal sealed record JoinToken(string Cluster, string Fingerprint, string Id, string Secret, long Expires)
{
    private const int LongestText = 2048;

    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(Expires);

    public static JoinToken New(string cluster, string fingerprint, DateTimeOffset expires) => new(
        cluster,
        fingerprint,
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
        expires.ToUnixTimeSeconds());

    /// <summary>An <see cref="AgentException"/> says what is wrong with a token that was cut, altered or never one.</summary>
    public static JoinToken Parse(string text)
    {
        const string mend = "copy it whole from mainstay init or mainstay token on a member";
        if (text.Length > LongestText)
            throw new AgentException($"the token has {text.Length} characters, more than any token; {mend}");
        try
        {
            var token = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text.Trim()), JoinJson.Default.JoinToken);
            return token ?? throw new AgentException($"the token is empty; {mend}");
        }
        catch (FormatException e)
        {
            throw new AgentException($"the token is damaged; {mend}", e);
        }
        catch (JsonException e)
        {
            throw new AgentException($"the token is damaged; {mend}", e);
        }
    }

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, JoinJson.Default.JoinToken));
}

/// <summary>A token as the store keeps it.</summary>
internal sealed record StoredToken(string Hash, long Expires);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(JoinToken))]
[JsonSerializable(typeof(Dictionary<string, StoredToken>))]
internal sealed partial class JoinJson : JsonSerializerContext;
