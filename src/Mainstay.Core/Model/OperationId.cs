namespace Mainstay.Core.Model;

/// <summary>Ties an effect to the input that reports its outcome. Unique within one run of an agent.</summary>
public readonly record struct OperationId(long Number) : IComparable<OperationId>
{
    public int CompareTo(OperationId other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
