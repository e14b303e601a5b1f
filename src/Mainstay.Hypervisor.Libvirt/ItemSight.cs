namespace Mainstay.Hypervisor.Libvirt;

/// <summary>Whether something that a guest needs is there.</summary>
/// <param name="IsThere">Null: not found out.</param>
/// <param name="Why">What is missing, when it is not there.</param>
internal readonly record struct ItemSight(bool? IsThere, string Why)
{
    public static ItemSight Unknown { get; } = new(null, "");

    public static ItemSight There { get; } = new(true, "");

    public static ItemSight Missing(string why) => new(false, why);
}
