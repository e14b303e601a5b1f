namespace Mainstay.Core.Model;

/// <summary>A boot of a host's kernel, as /proc/sys/kernel/random/boot_id gives it.</summary>
public readonly record struct BootId(string Text)
{
    public override string ToString() => Text;
}
