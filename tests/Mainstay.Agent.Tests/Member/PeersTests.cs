using System.Text;
using System.Text.Json;
using Mainstay.Agent.Joining;
using Mainstay.Agent.Member;
using Mainstay.Agent.Tests.Joining;
using Mainstay.Contracts.Api;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Tests.Member;

/// <summary>What another agent refuses is passed on with its reason, whatever form the refusal has.</summary>
public sealed class PeersTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_request_is_an_answer_and_a_fault_is_a_refusal()
    {
        await using var member = await TestMember.Found("n1", Cancel);
        var request = new ConfirmDeadRequest { Host = "n2", Typed = "n3", Reason = "a test", By = "somebody" };
        var refused = Assert.IsType<PeerAnswer<RequestReply>.Answered>(await Ask(member, JsonSerializer.SerializeToUtf8Bytes(
            request, ApiJson.Default.ConfirmDeadRequest)));
        Assert.Equal(RequestOutcome.Refused, refused.Value.Outcome);
        Assert.Contains("the typed name 'n3' is not 'n2'", refused.Value.Text, StringComparison.Ordinal);

        var fault = Assert.IsType<PeerAnswer<RequestReply>.Refused>(await Ask(member, Encoding.UTF8.GetBytes("{")));
        Assert.Contains("the request is malformed", fault.Why, StringComparison.Ordinal);
    }

    private static Task<PeerAnswer<RequestReply>> Ask(TestMember member, byte[] body) => member.Member.Peers.Post(
        new HostConfig(1, [member.Address], MemberRecords.ApiPort, [], false),
        ApiPaths.ConfirmDead,
        body,
        ApiJson.Default.RequestReply,
        Limit,
        Cancel);
}
