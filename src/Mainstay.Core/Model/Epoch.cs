namespace Mainstay.Core.Model;

/// <summary>Numbers the owners of a group; only rises (S3).</summary>
public readonly record struct Epoch(long Number) : IComparable<Epoch>
{
    public Epoch Next => new(Number + 1);

    public int CompareTo(Epoch other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
