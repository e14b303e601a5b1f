using Mainstay.Core.Capacity;
using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Ownership;
using Mainstay.Core.Placement;

namespace Mainstay.Core.Groups;

/// <summary>Requests about applications: several groups that are started, stopped and moved together.</summary>
internal sealed class ApplicationRequests(
    NodeState state,
    CapacityGate capacity,
    Action<OperationId, AdminReply> answer,
    Action<OperationId, StoreTransaction, string, Action> write)
{
    /// <summary>All of it is changed in one transaction, two values of each.</summary>
    public const int MostMembers = StoreTransaction.MaxChanges / 4;

    public void Handle(OperationId operation, AdminRequest request)
    {
        switch (request)
        {
            case AdminRequest.SetApplication r:
                Set(operation, r);
                break;
            case AdminRequest.RemoveApplication r when Members(operation, r.Name) is { } members:
                ChangeAll(operation, members, spec => spec with { Order = spec.Order with { Application = null } },
                    $"{r.Name} is no application any more; its guests are as they were");
                break;
            case AdminRequest.StartApplication r when Members(operation, r.Name) is { } members && IsArmed(operation):
                Start(operation, r, members);
                break;
            case AdminRequest.StopApplication r when Members(operation, r.Name) is { } members:
                ChangeAll(operation, members,
                    spec => spec with { Desired = DesiredState.Stopped, DesiredBy = $"stop of {r.Name} requested", ForceStop = false },
                    $"{r.Name} will be stopped in order: those that wait for others first");
                break;
            case AdminRequest.MoveApplication r when Members(operation, r.Name) is { } members && IsArmed(operation):
                Move(operation, r, members);
                break;
        }
    }

    private void Set(OperationId operation, AdminRequest.SetApplication request)
    {
        var missing = request.Members.Where(group => !state.View.Groups.ContainsKey(group)).ToArray();
        if (missing.Length > 0)
        {
            Refuse(operation, $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} not protected; see mainstay status");
            return;
        }

        if (request.Members.IsEmpty || request.Members.Count > MostMembers)
        {
            Refuse(operation, $"{request.Name} would have {request.Members.Count} guests; name 1 to {MostMembers}");
            return;
        }

        foreach (var group in request.Members)
        {
            if (state.View.Groups[group].Value.Order.Application is { } other && other != request.Name)
            {
                Refuse(operation, $"{group} is part of {other}; take it out there first, with mainstay app set or mainstay app remove");
                return;
            }
        }

        GroupId[] left = [.. Of(request.Name).Where(group => !request.Members.Contains(group))];
        var (guards, changes) = (new List<Guard>(), new List<Change>());
        foreach (var group in request.Members.Concat(left).Distinct().Order())
        {
            var (key, spec) = (new StoreKey.Group(group), state.View.Groups[group].Value);
            guards.Add(state.GuardOf(key));
            changes.Add(new Change.Put(key, spec with
            {
                Order = spec.Order with { Application = request.Members.Contains(group) ? request.Name : null },
            }));
        }

        var what = $"{request.Name} is {string.Join(", ", request.Members.Distinct().Order())}";
        write(operation, new StoreTransaction(guards.ToValueList(), changes.ToValueList()), what,
            () => state.Report(new Fact.SettingChanged($"the application {what}")));
    }

    private void Start(OperationId operation, AdminRequest.StartApplication request, ValueList<GroupId> members)
    {
        var name = request.Name;
        var (guards, changes) = (new List<Guard>(), new List<Change>());
        foreach (var group in members)
        {
            var (key, ownKey) = (new StoreKey.Group(group), new StoreKey.Ownership(group));
            guards.Add(state.GuardOf(key));
            changes.Add(new Change.Put(key, state.View.Groups[group].Value with
            {
                Desired = DesiredState.Running, DesiredBy = $"start of {name} requested", ForceStop = false,
            }));
            if (state.View.Ownerships[group].Value is not { Phase: OwnershipPhase.Free or OwnershipPhase.Blocked } own)
                continue;
            guards.Add(state.GuardOf(ownKey));
            changes.Add(new Change.Put(ownKey, own with
            {
                Phase = new OwnershipPhase.Free(), Why = $"start of {name} requested", Failures = [], Losses = [], KeptFor = null,
            }));
        }

        var transaction = new StoreTransaction(guards.ToValueList(), changes.ToValueList());
        WriteIfRoom(
            operation, transaction, new Hypothesis(state.View).Apply(transaction), request.Override, $"{name} will be started in order",
            $"start of {name}");
    }

    // All of it leaves at once, so that it is placed together; each stop and each start waits for its turn.
    private void Move(OperationId operation, AdminRequest.MoveApplication request, ValueList<GroupId> members)
    {
        if (request.To is { } to && state.View.OnlineSession(to) is null)
        {
            Refuse(operation, $"{to} is not online; see mainstay status");
            return;
        }

        var moving = members.Where(group => state.View.Ownerships[group].Value.Phase is OwnershipPhase.Claimed claimed
            && state.View.Groups[group].Value.Desired == DesiredState.Running && claimed.Owner.Host != request.To).ToArray();
        if (moving.Length == 0)
        {
            Refuse(operation, request.To is null
                ? $"nothing of {request.Name} runs; use mainstay app start {request.Name}"
                : $"nothing of {request.Name} runs elsewhere than on {request.To}");
            return;
        }

        PlacementWish[] wishes = [.. moving.Select(group => Wish(group, request.To))];
        var places = new Placer(state.View, Unfit(request.To)).Place(wishes);
        var (guards, changes) = (new List<Guard>(), new List<Change>());
        for (var i = 0; i < moving.Length; i++)
        {
            if (places[i].Chosen is not { } target)
            {
                Refuse(operation, $"no host can take {moving[i]}: "
                    + string.Join("; ", places[i].Considered.Select(c => $"{c.Host}: {c.Rejected}")));
                return;
            }

            var (key, ownKey) = (new StoreKey.Group(moving[i]), new StoreKey.Ownership(moving[i]));
            guards.AddRange([state.GuardOf(key), state.GuardOf(ownKey)]);
            changes.Add(new Change.Put(
                ownKey, OwnershipRules.Release(wishes[i].Own, null, $"move of {request.Name} to {target} requested")));
            changes.Add(new Change.Put(key, state.View.Groups[moving[i]].Value with { PreferredHost = target }));
        }

        var moved = new Hypothesis(state.View);
        for (var i = 0; i < moving.Length; i++)
        {
            if (places[i].Chosen is { } target)
                moved.Put(new StoreKey.Ownership(moving[i]), wishes[i].Own with { Phase = new OwnershipPhase.Assigned(target) });
        }

        WriteIfRoom(
            operation, new StoreTransaction(guards.ToValueList(), changes.ToValueList()), moved, request.Override,
            $"{request.Name} will be stopped and started elsewhere, in order: "
            + string.Join(", ", moving.Select((group, i) => $"{group} on {places[i].Chosen}")), $"move of {request.Name}");
    }

    private void WriteIfRoom(
        OperationId operation, StoreTransaction transaction, Hypothesis after, string reason, string what, string asked)
    {
        var full = capacity.Against(after.View);
        if (full is not null && reason.Length == 0)
            Refuse(operation, full);
        else
            write(operation, transaction, what, () =>
            {
                if (full is not null)
                    state.Report(new Fact.SettingChanged($"{asked} takes room that is kept for a loss (override: {reason})"));
            });
    }

    private PlacementWish Wish(GroupId group, HostId? to)
    {
        var own = state.View.Ownerships[group].Value;
        return new PlacementWish(
            group, state.View.Groups[group].Value with { PreferredHost = to }, own, "move requested", OwnershipRules.PlaceOf(own));
    }

    private Func<HostId, string?> Unfit(HostId? only) => host =>
        only is not null && host != only ? $"the move names {only}"
        : host != state.Self && state.Hearing.IsSilent(host, state.Timing.SuspectAfter, state.Now) ? "it is silent"
        : null;

    private void ChangeAll(OperationId operation, ValueList<GroupId> members, Func<GroupSpec, GroupSpec> change, string what) =>
        write(operation, new StoreTransaction(
            members.Select(group => state.GuardOf(new StoreKey.Group(group))).ToValueList(),
            members.Select(group => (Change)new Change.Put(new StoreKey.Group(group), change(state.View.Groups[group].Value)))
                .ToValueList()), what, () => state.Report(new Fact.SettingChanged(what)));

    private ValueList<GroupId>? Members(OperationId operation, string name)
    {
        var members = Of(name);
        if (members.IsEmpty)
        {
            var known = state.View.Groups.Values.Select(spec => spec.Value.Order.Application).OfType<string>().Distinct()
                .Order(StringComparer.Ordinal).ToArray();
            Refuse(operation, $"there is no application {name}; "
                + (known.Length == 0 ? "make one with mainstay app set" : $"there are: {string.Join(", ", known)}"));
            return null;
        }

        var lost = members.FirstOrDefault(group => state.View.IsSuspended(group) || !state.View.Ownerships.ContainsKey(group));
        if (lost == default)
            return members;
        Refuse(operation, $"{lost} is suspended since the store was restored; see mainstay status");
        return null;
    }

    private ValueList<GroupId> Of(string name) =>
        state.View.Groups.Where(group => group.Value.Value.Order.Application == name).Select(group => group.Key).ToValueList();

    private bool IsArmed(OperationId operation)
    {
        if (state.View.Armed)
            return true;
        Refuse(operation, $"the cluster is disarmed ({state.View.Settings?.Value.DisarmReason}); run mainstay arm first");
        return false;
    }

    private void Refuse(OperationId operation, string why) => answer(operation, new AdminReply.Refused(why));
}
