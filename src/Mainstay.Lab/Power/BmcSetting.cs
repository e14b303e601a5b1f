namespace Mainstay.Lab.Power;

/// <summary>How a host's power devices behave now, and how late a slow one answers.</summary>
internal sealed record BmcSetting(BmcMode Mode, TimeSpan Delay)
{
    public static BmcSetting Normal { get; } = new(BmcMode.Ok, TimeSpan.Zero);
}
