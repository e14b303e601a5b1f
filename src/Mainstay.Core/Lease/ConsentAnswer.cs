namespace Mainstay.Core.Lease;

/// <summary>What a keeper's beacon says when it is asked to consent to the death of a session.</summary>
/// <param name="Given">It consents, and will never acknowledge that session again.</param>
/// <param name="Incarnation">Of the beacon that answers: a consent is worth nothing once another one has registered.</param>
/// <param name="Wait">When it is not given: how long until it may be, if the host stays silent; zero when it depends on something
/// else.</param>
public sealed record ConsentAnswer(bool Given, ulong Incarnation, TimeSpan Wait);
