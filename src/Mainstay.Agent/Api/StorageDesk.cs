using Mainstay.Agent.Member;
using Mainstay.Contracts.Api;
using Mainstay.Core.Fencing;
using Mainstay.Core.Groups;
using Mainstay.Core.Model;
using Mainstay.Engine.Ports;

namespace Mainstay.Agent.Api;

/// <summary>Requests about the storages that hosts can be cut off from.</summary>
internal sealed class StorageDesk(ClusterMember member, RequestDesk desk, StorageGate gate)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task<RequestReply> Set(StorageSetRequest request, CancellationToken cancel)
    {
        if (request.Name.Length is 0 or > 60 || !request.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new MalformedException($"'{request.Name}' is no name for a storage: use letters, digits and '-', at most 60");
        var config = new StorageConfig(
            request.Agent,
            request.Options.OrderBy(o => o.Key, StringComparer.Ordinal)
                .Select(o => new FenceOption(o.Key, o.Value, Secret: false)).ToValueList(),
            request.Covers.Order(StringComparer.Ordinal).ToValueList());
        return member.Storages.Check(config) switch
        {
            StorageCheck.Valid valid when await gate.AgainstStorage(valid.Storage, cancel).ConfigureAwait(false) is { } against =>
                RequestReply.Refused($"{request.Name} would prove nothing: {against}"),
            StorageCheck.Valid valid =>
                await desk.Ask(new AdminRequest.SetStorage(request.Name, valid.Storage), cancel).ConfigureAwait(false),
            StorageCheck.Invalid invalid => RequestReply.Refused(string.Join("; ", invalid.Findings)),
            _ => throw new InvalidOperationException("A check is valid or invalid."),
        };
    }

    public Task<RequestReply> Remove(StorageRemoveRequest request, CancellationToken cancel) =>
        desk.Ask(new AdminRequest.RemoveStorage(request.Name) { Override = request.Override ?? "" }, cancel);

    public async Task<StorageTestReply> Test(StorageTestRequest request, CancellationToken cancel)
    {
        var view = member.Shell.Sight.View;
        if (!view.Storages.TryGetValue(request.Name, out var storage))
            throw new AgentException(
                $"there is no storage named {request.Name}; storages: {string.Join(", ", view.Storages.Keys)}");
        var targets = view.Sessions.Select(s => StorageRules.TargetOf(view, new HostSession(s.Key, s.Value.Value.Session)))
            .OfType<StorageTarget>().ToArray();
        var hosts = await Task.WhenAll(targets.Select(t => Test(t, storage.Value, cancel))).ConfigureAwait(false);
        var wrong = hosts.Where(h => h.Access != "admitted" && view.OnlineSession(new HostId(h.Host)) is not null).ToArray();
        return new StorageTestReply
        {
            Name = request.Name,
            Ready = wrong.Length == 0,
            Text = wrong.Length == 0
                ? $"{request.Name} answers, and every host that is online has access"
                : $"{request.Name}: {string.Join("; ", wrong.Select(h => $"{h.Host} is {h.Access.Replace('_', ' ')}: {h.Text}"))}",
            Hosts = hosts,
        };
    }

    private async Task<StorageHostTest> Test(StorageTarget target, StorageConfig storage, CancellationToken cancel)
    {
        var (access, text) = await member.Storages.Test(target, storage, Limit, cancel).ConfigureAwait(false) switch
        {
            StorageReading.Admitted admitted => ("admitted", admitted.Evidence),
            StorageReading.CutOff cutOff => ("cut_off", cutOff.Evidence),
            StorageReading.Unknown unknown => ("unknown", unknown.Why),
            _ => throw new InvalidOperationException("Unknown reading of a storage."),
        };
        return new StorageHostTest { Host = target.Session.Host.Name, Access = access, Text = text };
    }
}
