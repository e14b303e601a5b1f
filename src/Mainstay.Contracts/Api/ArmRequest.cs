namespace Mainstay.Contracts.Api;

/// <summary>Arm or disarm the whole cluster.</summary>
public sealed record ArmRequest
{
    /// <summary>Why; required for disarm, shown in the status until armed again.</summary>
    public string Reason { get; set; } = "";
}
