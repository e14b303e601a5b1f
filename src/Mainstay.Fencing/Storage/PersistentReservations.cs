using System.Globalization;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Fencing.Storage;

/// <summary>What <c>sg_persist</c> shows of one path to a disk, and how keys are made.</summary>
/// <param name="Keys">The registered keys, lower case, without 0x.</param>
/// <param name="RegistrantsOnly">Whoever is not registered cannot write.</param>
internal sealed record PersistentReservations(ValueList<string> Keys, bool RegistrantsOnly)
{
    /// <summary>Cluster tag, host number and the low half of the session: a late command against an earlier session hits no key.</summary>
    public static string KeyOf(string tag, StorageTarget target) => string.Create(
        CultureInfo.InvariantCulture, $"{tag}{target.Number:x4}{(uint)target.Session.Session.Number:x8}");

    /// <summary>What every key of a host begins with, whatever its session.</summary>
    public static string HostOf(string tag, StorageTarget target) =>
        string.Create(CultureInfo.InvariantCulture, $"{tag}{target.Number:x4}");

    public static PersistentReservations Parse(string keys, string reservation) => new(
        keys.Split('\n').Select(line => line.Trim().ToLowerInvariant())
            .Where(line => line.StartsWith("0x", StringComparison.Ordinal))
            .Select(line => line[2..].PadLeft(16, '0')).Distinct().ToValueList(),
        reservation.Contains("Write Exclusive, registrants only", StringComparison.OrdinalIgnoreCase)
        || reservation.Contains("Write Exclusive, all registrants", StringComparison.OrdinalIgnoreCase));
}
