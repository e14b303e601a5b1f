using Mainstay.Core.Model;

namespace Mainstay.Contracts.Stored;

/// <summary>What became of stored bytes.</summary>
public abstract record DecodedValue
{
    private DecodedValue()
    {
    }

    public sealed record Read(StoreValue Value) : DecodedValue;

    /// <summary>Damaged, written by a newer version, or sealed with another key.</summary>
    public sealed record Unreadable(string Why) : DecodedValue;
}
