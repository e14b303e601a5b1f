using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Commands;

/// <summary>Says how another host joins.</summary>
internal static class JoinLine
{
    public static void Write(Call call, IReadOnlyList<string> addresses, string token, DateTimeOffset expires)
    {
        var left = DurationText.Print(expires - call.Terminal.Time.GetUtcNow());
        call.Out.WriteLine($"On each other host, before {TimeText.Second(expires)} (in {left}):");
        call.Out.WriteLine($"  mainstay join {Ink.Clean(addresses.Count > 0 ? addresses[0] : "ADDRESS")} {Ink.Clean(token)}");
    }
}
