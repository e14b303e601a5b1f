using Mainstay.Core.Model;
using Mainstay.Core.Ordering;

namespace Mainstay.Contracts.Stored;

/// <summary>The place of a group among the others, as it is stored.</summary>
public static class OrderCodec
{
    public static string Of(StartGate gate) => gate switch
    {
        StartGate.Started => "started",
        StartGate.Agent => "agent",
        StartGate.Delay => "delay",
        StartGate.Probe => "probe",
    };

    public static StartGate? Gate(string word) => word switch
    {
        "started" => StartGate.Started,
        "agent" => StartGate.Agent,
        "delay" => StartGate.Delay,
        "probe" => StartGate.Probe,
        _ => null,
    };

    public static string Of(OnLimit then) => then switch
    {
        OnLimit.Continue => "continue",
        OnLimit.Hold => "hold",
    };

    public static OnLimit? Then(string word) => word switch
    {
        "continue" => OnLimit.Continue,
        "hold" => OnLimit.Hold,
        _ => null,
    };

    internal static OrderDocument? Write(GroupOrder order) => order == GroupOrder.None
        ? null
        : new OrderDocument(
            [
                .. order.After.Select(edge => new DependencyDocument(
                    edge.On.Name, Of(edge.Gate), (long)edge.Delay.TotalMilliseconds, (long)edge.Limit.TotalMilliseconds, Of(edge.Then))),
            ],
            order.Application,
            order.StartsAtOnceIn?.Number);

    internal static GroupOrder Read(OrderDocument? order) => order is null
        ? GroupOrder.None
        : new GroupOrder(
            (order.After ?? []).Select(edge => new StartDependency(
                new GroupId(edge.On),
                Gate(edge.Gate) ?? throw new FormatException($"'{edge.Gate}' is no value of 'gate'"),
                TimeSpan.FromMilliseconds(edge.DelayMs),
                TimeSpan.FromMilliseconds(edge.LimitMs),
                Then(edge.Then) ?? throw new FormatException($"'{edge.Then}' is no value of 'then'"))).ToValueList(),
            order.Application,
            order.StartsAtOnceIn is { } epoch ? new Epoch(epoch) : null);
}
