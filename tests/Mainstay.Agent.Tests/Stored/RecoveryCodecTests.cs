using System.Text;
using CsCheck;
using Mainstay.Contracts.Stored;
using Mainstay.Core.Model;
using Mainstay.Core.Times;

namespace Mainstay.Agent.Tests.Stored;

/// <summary>Recovery times come back as they were, and what is not known stays absent.</summary>
public sealed class RecoveryCodecTests
{
    private static readonly StoreCodec Codec = new(new SecretSeal(new byte[32]));
    private static readonly StoreKey Key = new StoreKey.Recovery(new GroupId("web"));

    private static readonly Gen<TimeSpan?> Span = Gen.OneOf(
        Gen.Long[0, 600_000].Select(ms => (TimeSpan?)TimeSpan.FromMilliseconds(ms)), Gen.Const((TimeSpan?)null));

    private static readonly Gen<RecoveryParts> Parts = Span.Array[6].Select(s => new RecoveryParts
    {
        Detect = s[0], Prove = s[1], Stop = s[2], Place = s[3], Start = s[4], Ready = s[5],
    });

    private static readonly Gen<RecoveryMeasurement> Measured = Gen.Select(
        Gen.Enum<RecoveryKind>(), Gen.Long[1, 1000], Gen.Bool, Parts, (kind, n, known, parts) =>
            new RecoveryMeasurement(kind, new Epoch(n), new HostId("n2"), n)
            {
                Lost = known ? new HostSession(new HostId("n1"), new SessionId((ulong)n)) : null,
                Proof = known ? "power" : null,
                Parts = parts,
            });

    internal static RecoverySoFar SoFar(HostId host, long number) => new(RecoveryKind.Failover)
    {
        Lost = new HostSession(host, new SessionId((ulong)number)),
        Proof = "lease",
        Parts = new RecoveryParts { Detect = TimeSpan.FromMilliseconds(number), Place = TimeSpan.Zero },
    };

    [Fact]
    public void Times_come_back_as_they_were() => Measured.Array[0, RecoveryTimes.Kept].Sample(all =>
    {
        var times = new RecoveryTimes(all.ToValueList());
        return Codec.Decode(Key, Codec.Encode(Key, times)) is DecodedValue.Read read && read.Value == times
            && StoreKey.TryParse(Key.ToString(), out var key) && key == Key;
    });

    [Fact]
    public void What_is_not_known_is_not_written_as_nought()
    {
        var unknown = new RecoveryTimes([new RecoveryMeasurement(RecoveryKind.Start, new Epoch(1), new HostId("n1"), 1)]);
        Assert.DoesNotContain(":0", Encoding.UTF8.GetString(Codec.Encode(Key, unknown)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_form_is_unreadable_and_said_to_be() => Assert.IsType<DecodedValue.Unreadable>(
        Codec.Decode(Key, """{"kind":"recovery","schema":2,"last":[]}"""u8));
}
