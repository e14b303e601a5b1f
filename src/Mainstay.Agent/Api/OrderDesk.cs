using Mainstay.Contracts.Api;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Core.Ordering;

namespace Mainstay.Agent.Api;

/// <summary>Requests about the order of guests and about applications, in the core's words.</summary>
internal sealed class OrderDesk(RequestDesk desk)
{
    private const double MostSeconds = 86_400;

    public Task<RequestReply> Set(OrderRequest request, CancellationToken cancel)
    {
        var gate = OrderCodec.Gate(request.Gate) is { } known and not StartGate.Probe
            ? known
            : throw new MalformedException($"there is no gate '{request.Gate}'; give started, agent or delay");
        var then = OrderCodec.Then(request.Then)
            ?? throw new MalformedException($"after the limit there is no '{request.Then}'; give continue or hold");
        var edge = new StartDependency(
            new GroupId(request.After),
            gate,
            gate == StartGate.Delay ? Time(request.DelaySeconds, "delay_seconds") : TimeSpan.Zero,
            Time(request.LimitSeconds, "limit_seconds"),
            then);
        return desk.Ask(new AdminRequest.SetOrder(new GroupId(request.Guest), edge), cancel);
    }

    public Task<RequestReply> Remove(OrderRemoveRequest request, CancellationToken cancel) =>
        desk.Ask(new AdminRequest.RemoveOrder(new GroupId(request.Guest), new GroupId(request.After)), cancel);

    public Task<RequestReply> SetApplication(AppSetRequest request, CancellationToken cancel)
    {
        if (!IsName(request.Name))
            throw new MalformedException($"'{request.Name}' is no name of an application; use letters, digits, '-', '_' and '.', 1 to 60");
        var members = request.Guests.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new GroupId(name));
        return desk.Ask(new AdminRequest.SetApplication(request.Name, members.ToValueList()), cancel);
    }

    public Task<RequestReply> Act(AppRequest request, CancellationToken cancel) => desk.Ask(
        request.Act switch
        {
            "start" => new AdminRequest.StartApplication(request.Name) { Override = request.Override ?? "" },
            "stop" => new AdminRequest.StopApplication(request.Name),
            "move" => new AdminRequest.MoveApplication(request.Name, request.Host is { } host ? new HostId(host) : null)
            {
                Override = request.Override ?? "",
            },
            "remove" => new AdminRequest.RemoveApplication(request.Name),
            _ => throw new MalformedException($"an application cannot '{request.Act}'; give start, stop, move or remove"),
        },
        cancel);

    private static TimeSpan Time(double seconds, string field) => seconds is >= 0 and <= MostSeconds
        ? TimeSpan.FromMilliseconds(Math.Round(seconds * 1000))
        : throw new MalformedException($"{field}={seconds}: give 0 to {MostSeconds}");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 60 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
