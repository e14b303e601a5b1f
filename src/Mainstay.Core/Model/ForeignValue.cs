namespace Mainstay.Core.Model;

/// <summary>
/// Something that this version cannot read, written by a newer one or damaged: it is there, and it is not to be touched (S3).
/// </summary>
/// <param name="Why">Which key, and what is wrong with it.</param>
public sealed record ForeignValue(string Why) : StoreValue;
