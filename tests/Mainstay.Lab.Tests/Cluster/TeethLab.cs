namespace Mainstay.Lab.Tests.Cluster;

/// <summary>A cluster for tests that make guests run twice on purpose: what its disks show is the proof, not a failure.</summary>
public sealed class TeethLab : ClusterLab
{
    private protected override LabOptions Options => base.Options with
    {
        Name = $"ttee{Checkout.Slot}",
        StateDirectory = LabOptions.DefaultStateDirectory($"ttee{Checkout.Slot}"),
        ManagementPrefix = $"10.97.{100 + Checkout.Slot}",
        StoragePrefix = $"10.98.{100 + Checkout.Slot}",
    };

    private protected override bool MayRunTwice => true;
}
