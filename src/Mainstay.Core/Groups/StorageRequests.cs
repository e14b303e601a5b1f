using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;
using Mainstay.Core.Restoration;

namespace Mainstay.Core.Groups;

/// <summary>Requests about the storages that hosts can be cut off from.</summary>
internal sealed class StorageRequests(
    NodeState state, Action<OperationId, string> refuse, Action<OperationId, StoreTransaction, string, Action> write)
{
    public void Handle(OperationId operation, AdminRequest request)
    {
        if (request is AdminRequest.SetStorage set)
            Set(operation, set);
        else if (request is AdminRequest.RemoveStorage remove)
            Remove(operation, remove);
    }

    private void Set(OperationId operation, AdminRequest.SetStorage request)
    {
        if (request.Config.Covers.IsEmpty)
            refuse(operation, $"name what lies on {request.Name}: --covers with a path or a source");
        else if (InUse(request.Name) is { } host)
            refuse(operation, $"{host} is cut off from {request.Name} at the moment; change it when {host} is back");
        else
            Write(operation, request.Name, new Change.Put(new StoreKey.Storage(request.Name), request.Config),
                $"storage {request.Name} ({request.Config.Agent}) is set");
    }

    private void Remove(OperationId operation, AdminRequest.RemoveStorage request)
    {
        if (!state.View.Storages.ContainsKey(request.Name))
            refuse(operation, $"there is no storage named {request.Name}; storages: {string.Join(", ", state.View.Storages.Keys)}");
        else if (InUse(request.Name) is { } host)
            refuse(operation, $"{host} is cut off from {request.Name} at the moment; remove it when {host} is back");
        else if (OwedTo(request.Name) is { } left && request.Override.Length == 0)
            refuse(operation, $"{left} was taken out of the cluster while it was cut off from {request.Name}, and would join again without "
                + $"it. Remove it when {left} is back, or say --override REASON if it never comes back");
        else
            Write(operation, request.Name, new Change.Delete(new StoreKey.Storage(request.Name)), $"storage {request.Name} is removed"
                + (request.Override.Length > 0 ? $" (override: {request.Override})" : ""));
    }

    // What was taken away under a configuration must be given back under the same.
    private HostId? InUse(string name)
    {
        foreach (var (host, session) in state.View.Sessions)
        {
            if (state.View.Fences.GetValueOrDefault(new HostSession(host, session.Value.Session))?.Value.Revocations.Contains(name) == true)
                return host;
        }

        return null;
    }

    // L3: a host that joins again asks for what it was cut off from as long as the cluster knows how.
    private HostId? OwedTo(string name)
    {
        if (!state.Guards.KeepsWhatIsOwed)
            return null;
        foreach (var (session, fence) in state.View.Fences)
        {
            if (fence.Value.Revocations.Contains(name) && SpentRules.BeforeRemoval(state.View, session.Host) == session)
                return session.Host;
        }

        return null;
    }

    private void Write(OperationId operation, string name, Change change, string what)
    {
        var guards = state.View.Sessions.Keys.Select(host => state.GuardOf(new StoreKey.Session(host)));
        write(operation, new StoreTransaction([state.GuardOf(new StoreKey.Storage(name)), .. guards], [change]), what,
            () => state.Report(new Fact.SettingChanged(what)));
    }
}
