using Mainstay.Core.Model;
using Mainstay.Core.Rules;

namespace Mainstay.Contracts.Stored;

/// <summary>The stable words of enumerations in stored and API JSON.</summary>
public static class StoredWords
{
    public static string Of(TimingProfile profile) => profile switch
    {
        TimingProfile.Aggressive => "aggressive",
        TimingProfile.Balanced => "balanced",
        TimingProfile.Conservative => "conservative",
    };

    public static TimingProfile? Profile(string word) => word switch
    {
        "aggressive" => TimingProfile.Aggressive,
        "balanced" => TimingProfile.Balanced,
        "conservative" => TimingProfile.Conservative,
        _ => null,
    };

    public static string Of(SessionState state) => state switch
    {
        SessionState.Online => "online",
        SessionState.Fencing => "fencing",
        SessionState.Fenced => "fenced",
        SessionState.Left => "left",
    };

    public static SessionState? Session(string word) => word switch
    {
        "online" => SessionState.Online,
        "fencing" => SessionState.Fencing,
        "fenced" => SessionState.Fenced,
        "left" => SessionState.Left,
        _ => null,
    };

    public static string Of(DesiredState desired) => desired switch
    {
        DesiredState.Running => "running",
        DesiredState.Stopped => "stopped",
    };

    public static DesiredState? Desired(string word) => word switch
    {
        "running" => DesiredState.Running,
        "stopped" => DesiredState.Stopped,
        _ => null,
    };

    public static string Of(IsolationPolicy policy) => policy switch
    {
        IsolationPolicy.FreezeThenKill => "freeze_then_kill",
        IsolationPolicy.Keep => "keep",
        IsolationPolicy.Shutdown => "shutdown",
    };

    public static IsolationPolicy? Isolation(string word) => word switch
    {
        "freeze_then_kill" => IsolationPolicy.FreezeThenKill,
        "keep" => IsolationPolicy.Keep,
        "shutdown" => IsolationPolicy.Shutdown,
        _ => null,
    };

    public static string Of(StorageProofPolicy policy) => policy switch
    {
        StorageProofPolicy.Frozen => "frozen",
        StorageProofPolicy.Never => "never",
        StorageProofPolicy.Always => "always",
    };

    public static StorageProofPolicy? StorageProof(string word) => word switch
    {
        "frozen" => StorageProofPolicy.Frozen,
        "never" => StorageProofPolicy.Never,
        "always" => StorageProofPolicy.Always,
        _ => null,
    };

    public static string Of(QuarantineCause cause) => cause switch
    {
        QuarantineCause.Person => "person",
        QuarantineCause.Monitors => "monitors",
        QuarantineCause.Disk => "disk",
        QuarantineCause.Links => "links",
        QuarantineCause.Leaves => "leaves",
    };

    public static QuarantineCause? Cause(string word) => word switch
    {
        "person" => QuarantineCause.Person,
        "monitors" => QuarantineCause.Monitors,
        "disk" => QuarantineCause.Disk,
        "links" => QuarantineCause.Links,
        "leaves" => QuarantineCause.Leaves,
        _ => null,
    };

    public static string Of(LeavePolicy policy) => policy switch
    {
        LeavePolicy.Move => "move",
        LeavePolicy.Keep => "keep",
    };

    public static LeavePolicy? Leave(string word) => word switch
    {
        "move" => LeavePolicy.Move,
        "keep" => LeavePolicy.Keep,
        _ => null,
    };

    public static string Of(Yielding yields) => yields switch
    {
        Yielding.Never => "never",
        Yielding.Moves => "moves",
        Yielding.Stops => "stops",
    };

    public static Yielding? Yields(string word) => word switch
    {
        "never" => Yielding.Never,
        "moves" => Yielding.Moves,
        "stops" => Yielding.Stops,
        _ => null,
    };

    public static string Of(PlacementRuleKind kind) => kind switch
    {
        PlacementRuleKind.Together => "together",
        PlacementRuleKind.Apart => "apart",
        PlacementRuleKind.Spread => "spread",
        PlacementRuleKind.On => "on",
        PlacementRuleKind.NotOn => "not_on",
    };

    public static PlacementRuleKind? Rule(string word) => word switch
    {
        "together" => PlacementRuleKind.Together,
        "apart" => PlacementRuleKind.Apart,
        "spread" => PlacementRuleKind.Spread,
        "on" => PlacementRuleKind.On,
        "not_on" => PlacementRuleKind.NotOn,
        _ => null,
    };

    public static string Of(RepeatedLossPolicy policy) => policy switch
    {
        RepeatedLossPolicy.Hold => "hold",
        RepeatedLossPolicy.Restart => "restart",
    };

    public static RepeatedLossPolicy? RepeatedLoss(string word) => word switch
    {
        "hold" => RepeatedLossPolicy.Hold,
        "restart" => RepeatedLossPolicy.Restart,
        _ => null,
    };

    public static string Of(GuestShutdownPolicy policy) => policy switch
    {
        GuestShutdownPolicy.StayDown => "stay_down",
        GuestShutdownPolicy.Restart => "restart",
    };

    public static GuestShutdownPolicy? OnShutdown(string word) => word switch
    {
        "stay_down" => GuestShutdownPolicy.StayDown,
        "restart" => GuestShutdownPolicy.Restart,
        _ => null,
    };
}
