namespace Mainstay.Lab.Tests.Cluster;

/// <summary>The same guests on two hosts, and a witness beside them.</summary>
public sealed class WitnessLab : ClusterLab
{
    private protected override LabOptions Options => base.Options with
    {
        Name = $"twit{Checkout.Slot}",
        StateDirectory = LabOptions.DefaultStateDirectory($"twit{Checkout.Slot}"),
        ManagementPrefix = $"10.95.{100 + Checkout.Slot}",
        StoragePrefix = $"10.96.{100 + Checkout.Slot}",
        Hosts = ["n1", "n2"],
        Witness = "w1",
    };
}
