using Mainstay.Core.Model;
using Mainstay.Core.Times;

namespace Mainstay.Contracts.Stored;

/// <summary>The stored form of recovery times. A part that is not known is not there.</summary>
internal static class StoredRecovery
{
    public static RecoveryDocument Write(RecoveryTimes times) => new(
    [
        .. times.Last.Select(m => new MeasurementDocument(
            RecoveryWords.Of(m.Kind), m.Epoch.Number, m.Host.Name, m.Revision, Loss(m.Lost), m.Proof, Write(m.Parts))),
    ]);

    public static SoFarDocument? Write(RecoverySoFar? so) =>
        so is null ? null : new SoFarDocument(RecoveryWords.Of(so.Kind), Loss(so.Lost), so.Proof, Write(so.Parts));

    public static RecoveryTimes Read(RecoveryDocument document) => new(
        document.Last.Select(m => new RecoveryMeasurement(Kind(m.Kind), new Epoch(m.Epoch), new HostId(m.Host), m.Revision)
        {
            Lost = Lost(m.Lost),
            Proof = m.Proof,
            Parts = Read(m.Parts),
        }).ToValueList());

    public static RecoverySoFar? Read(SoFarDocument? so) =>
        so is null ? null : new RecoverySoFar(Kind(so.Kind)) { Lost = Lost(so.Lost), Proof = so.Proof, Parts = Read(so.Parts) };

    private static PartsDocument Write(RecoveryParts parts) => new(
        Ms(parts.Detect), Ms(parts.Prove), Ms(parts.Stop), Ms(parts.Place), Ms(parts.Start), Ms(parts.Ready));

    private static RecoveryParts Read(PartsDocument parts) => new()
    {
        Detect = Span(parts.DetectMs),
        Prove = Span(parts.ProveMs),
        Stop = Span(parts.StopMs),
        Place = Span(parts.PlaceMs),
        Start = Span(parts.StartMs),
        Ready = Span(parts.ReadyMs),
    };

    private static LossDocument? Loss(HostSession? lost) =>
        lost is { } session ? new LossDocument(session.Host.Name, session.Session.ToString()) : null;

    private static HostSession? Lost(LossDocument? loss) => loss is null
        ? null
        : SessionId.TryParse(loss.Session, out var session)
            ? new HostSession(new HostId(loss.Host), session)
            : throw new FormatException($"'{loss.Session}' is no session number");

    private static RecoveryKind Kind(string word) =>
        RecoveryWords.Kind(word) ?? throw new FormatException($"'{word}' is no kind of recovery");

    private static long? Ms(TimeSpan? span) => (long?)span?.TotalMilliseconds;

    private static TimeSpan? Span(long? milliseconds) => milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null;
}

internal sealed record RecoveryDocument(MeasurementDocument[] Last) : StoredDocument;

internal sealed record MeasurementDocument(
    string Kind, long Epoch, string Host, long Revision, LossDocument? Lost, string? Proof, PartsDocument Parts);

internal sealed record SoFarDocument(string Kind, LossDocument? Lost, string? Proof, PartsDocument Parts);

/// <summary>Times in milliseconds.</summary>
internal sealed record PartsDocument(long? DetectMs, long? ProveMs, long? StopMs, long? PlaceMs, long? StartMs, long? ReadyMs);
