using System.Globalization;

namespace Mainstay.Cli.Commands;

/// <summary>Sizes of memory as people write them: <c>512M</c>, <c>8G</c>, <c>1.5T</c>, in powers of 1024.</summary>
internal static class Sizes
{
    private const long Most = 64L * 1024 * 1024;

    /// <summary>In MiB, 1 MiB to 64 TiB; null when it is no size.</summary>
    public static long? ParseMiB(string text)
    {
        var unit = text.Length > 0 ? char.ToUpperInvariant(text[^1]) switch { 'M' => 1L, 'G' => 1024, 'T' => 1024 * 1024, _ => 0 } : 0;
        return unit > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit is >= 1 and <= Most
            ? (long)Math.Ceiling(number * unit)
            : null;
    }

    public static string Print(long mebibytes) => mebibytes < 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{mebibytes} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{mebibytes / 1024.0:0.0} GiB");
}
