namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The same cluster on hosts with watchdogs: leases are in force.</summary>
public sealed class LeaseLab : ClusterLab
{
    private protected override LabOptions Options => base.Options with
    {
        Name = $"tlea{Checkout.Slot}",
        StateDirectory = LabOptions.DefaultStateDirectory($"tlea{Checkout.Slot}"),
        ManagementPrefix = $"10.93.{100 + Checkout.Slot}",
        StoragePrefix = $"10.94.{100 + Checkout.Slot}",
        Watchdog = TimeSpan.FromSeconds(2),
    };
}
