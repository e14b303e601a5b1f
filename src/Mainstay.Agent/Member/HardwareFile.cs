using System.Text;
using Mainstay.Agent.Configuration;
using Mainstay.Contracts;

namespace Mainstay.Agent.Member;

/// <summary>
/// Remembers on the disk which machine it was in: a copy of the disk in another machine finds out before it does anything with the store.
/// </summary>
internal sealed class HardwareFile(FileLayout layout)
{
    private readonly string? current = HostFacts.Hardware(layout.Root);

    /// <summary>This disk was a member's in another machine.</summary>
    public bool IsForeign(out string why)
    {
        why = "";
        if (current is null || !File.Exists(layout.Hardware) || File.ReadAllText(layout.Hardware).Trim() is not { Length: > 0 } before
            || string.Equals(before, current, StringComparison.Ordinal))
            return false;
        why = $"not started: this disk was in another machine ({before}; this is {current}), which may be alive. It starts when this "
            + $"machine has joined. If the other one is gone for good and no member of the store runs, remove {layout.Hardware}";
        return true;
    }

    /// <summary>From now on the disk belongs to this machine.</summary>
    public void Take()
    {
        if (current is null || (File.Exists(layout.Hardware) && !IsForeign(out _)))
            return;
        Directory.CreateDirectory(layout.State);
        PrivateFiles.Replace(layout.Hardware, Encoding.ASCII.GetBytes(current + "\n"));
    }
}
