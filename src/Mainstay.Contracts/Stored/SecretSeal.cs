using System.Security.Cryptography;
using System.Text;

namespace Mainstay.Contracts.Stored;

/// <summary>
/// Seals secrets for the store with AES-256-GCM under a key derived from the cluster key. The place of a secret (host, method, option) is
/// authenticated with it, so a sealed value cannot be moved to another place. Callable from any thread: each call
/// has a cipher of its own, for <see cref="AesGcm"/> is one context that two calls at once would mix up.
/// </summary>
public sealed class SecretSeal : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] key = new byte[32];

    /// <param name="clusterKey">32 random bytes.</param>
    public SecretSeal(ReadOnlySpan<byte> clusterKey)
    {
        if (clusterKey.Length != 32)
            throw new ArgumentException($"The cluster key has {clusterKey.Length} bytes, 32 are needed.", nameof(clusterKey));
        HKDF.DeriveKey(HashAlgorithmName.SHA256, clusterKey, key, salt: [], info: "mainstay stored secrets"u8);
    }

    /// <summary>Nonce, ciphertext and tag in base64. Different at every call.</summary>
    public string Seal(string secret, string place)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var whole = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(
            whole.AsSpan(0, NonceSize),
            plain,
            whole.AsSpan(NonceSize, plain.Length),
            whole.AsSpan(NonceSize + plain.Length),
            Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String(whole);
    }

    /// <summary>False when it was sealed with another key, for another place, or damaged.</summary>
    public bool TryOpen(string seal, string place, out string secret)
    {
        secret = "";
        var whole = new byte[seal.Length];
        if (!Convert.TryFromBase64String(seal, whole, out var length) || length < NonceSize + TagSize)
            return false;
        var plain = new byte[length - NonceSize - TagSize];
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(
                whole.AsSpan(0, NonceSize),
                whole.AsSpan(NonceSize, plain.Length),
                whole.AsSpan(NonceSize + plain.Length, TagSize),
                plain,
                Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        secret = Encoding.UTF8.GetString(plain);
        return true;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}
