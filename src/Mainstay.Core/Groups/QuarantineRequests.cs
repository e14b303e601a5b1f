using Mainstay.Core.Facts;
using Mainstay.Core.Model;
using Mainstay.Core.Node;

namespace Mainstay.Core.Groups;

/// <summary>A person puts a host into quarantine, or takes it out whatever put it there.</summary>
internal sealed class QuarantineRequests(
    NodeState state, Action<OperationId, AdminReply> answer, Action<OperationId, StoreTransaction, string, Action> write)
{
    public void Set(OperationId operation, AdminRequest.SetQuarantine request)
    {
        var (host, key) = (request.Host, new StoreKey.Quarantine(request.Host));
        var known = state.View.Quarantines.GetValueOrDefault(host)?.Value;
        if (!state.View.Hosts.ContainsKey(host))
            Refuse(operation, $"there is no host named {host}; hosts: {string.Join(", ", state.View.Hosts.Keys)}");
        else if (request.On && request.Reason.Length == 0)
            Refuse(operation, "a reason is needed; status shows it until the host is taken out of quarantine");
        else if (!request.On && known is null)
            answer(operation, new AdminReply.Accepted($"{host} is not in quarantine"));
        else if (request.On)
            Put(operation, host, new QuarantineRecord(QuarantineCause.Person, request.Reason));
        else
            write(operation, new StoreTransaction([state.GuardOf(key)], [new Change.Delete(key)]),
                $"{host} is no longer in quarantine ({known?.Why})",
                () => state.Report(new Fact.QuarantineLifted(host, "a person took it out")));
    }

    private void Put(OperationId operation, HostId host, QuarantineRecord record)
    {
        var key = new StoreKey.Quarantine(host);
        write(operation, new StoreTransaction([state.GuardOf(key), state.GuardOf(new StoreKey.Host(host))], [new Change.Put(key, record)]),
            $"{host} is in quarantine: it keeps its guests and gets no new ones",
            () => state.Report(new Fact.HostQuarantined(host, record.Why)));
    }

    private void Refuse(OperationId operation, string why) => answer(operation, new AdminReply.Refused(why));
}
