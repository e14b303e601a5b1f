using System.Globalization;
using Mainstay.Core.Model;

namespace Mainstay.Agent.Watchdogs;

/// <summary>What a host writes down before it is reset, so that it knows what to find out when it is back.</summary>
internal sealed record BegunMeasurement(SessionId Session, BootId Boot, string Device, string? Driver, int Timeout)
{
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture, $"session {Session}\nboot {Boot}\ndevice {Device}\ntimeout {Timeout}\ndriver {Driver}\n");

    /// <summary>Null when it cannot be understood.</summary>
    public static BegunMeasurement? Parse(string text)
    {
        var words = text.Split('\n').Select(line => line.Split(' ', 2)).Where(line => line.Length == 2)
            .ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);
        return words.GetValueOrDefault("session") is { } session
            && SessionId.TryParse(session, out var parsed)
            && words.GetValueOrDefault("boot") is { Length: > 0 } boot && words.GetValueOrDefault("device") is { Length: > 0 } device
            && int.TryParse(words.GetValueOrDefault("timeout"), NumberStyles.None, CultureInfo.InvariantCulture, out var timeout)
            ? new BegunMeasurement(
                parsed, new BootId(boot), device, words.GetValueOrDefault("driver") is { Length: > 0 } d ? d : null, timeout)
            : null;
    }
}
