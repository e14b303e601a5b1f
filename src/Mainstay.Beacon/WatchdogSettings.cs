using System.Globalization;

namespace Mainstay.Beacon;

/// <summary>What is known of the host's watchdog: a file of a few lines that <c>mainstay watchdog measure</c> writes.</summary>
/// <remarks>
/// <code>
/// device /dev/watchdog
/// reset 3.2            seconds from the last feeding to the reset, as measured
/// timeout 3            what the driver is set to; without it, what the driver chose
/// driver i6300ESB timer   what called itself so when it was measured; another one is not used
/// virtual yes          this machine is a virtual one, and nobody pauses it
/// </code>
/// </remarks>
/// <param name="Reset">As measured, with a margin.</param>
/// <param name="Timeout">In seconds; 0 leaves it to the driver.</param>
/// <param name="AcceptsVirtual">It counts in a virtual machine too.</param>
internal sealed record WatchdogSettings(string Device, TimeSpan Reset, int Timeout, string? Driver, bool AcceptsVirtual)
{
    /// <summary>The measured time is one sample of many: a fifth is added.</summary>
    private const double Margin = 1.2;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Null when there is no file, or it is of no use; that is said in the journal.</summary>
    public static WatchdogSettings? Load(string path)
    {
        try
        {
            string? device = null, driver = null;
            TimeSpan? reset = null;
            var (timeout, acceptsVirtual) = (0, false);
            foreach (var line in File.ReadAllLines(path))
            {
                switch (line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    case []:
                        break;
                    case ["device", var name]:
                        device = name;
                        break;
                    case ["reset", var text] when Seconds(text) is { } seconds:
                        reset = TimeSpan.FromMilliseconds(Math.Ceiling(seconds * 1000 * Margin));
                        break;
                    case ["timeout", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole):
                        timeout = whole;
                        break;
                    case ["driver", .. var words] when words.Length > 0:
                        driver = string.Join(' ', words);
                        break;
                    case ["virtual", "yes"]:
                        acceptsVirtual = true;
                        break;
                    default:
                        throw new FormatException(
                            $"'{line.Trim()}' is not understood: device PATH, reset SECONDS (up to 60), timeout SECONDS, driver NAME, "
                            + "virtual yes");
                }
            }

            if (device is not null && reset is { } known)
                return new WatchdogSettings(device, known, timeout, driver, acceptsVirtual);
            Note.Write($"{path} names no device or no reset time; no watchdog is used");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or FormatException)
        {
            Note.Write($"{path}: {unusable.Message}; no watchdog is used");
        }

        return null;
    }

    private static double? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0 && TimeSpan.FromSeconds(seconds) <= Longest
            ? seconds
            : null;
}
