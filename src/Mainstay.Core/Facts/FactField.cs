namespace Mainstay.Core.Facts;

/// <summary>One named value of a fact as text: "host" = "n1".</summary>
public readonly record struct FactField(string Name, string Value)
{
    public override string ToString() => $"{Name}={Value}";
}
