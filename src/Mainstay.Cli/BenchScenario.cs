using System.Globalization;
using System.Text;

namespace Mainstay.Cli;

/// <summary>The two scenarios of <c>simulate bench</c>: five hosts with twenty guests, for ten minutes of their time.</summary>
internal static class BenchScenario
{
    private const int Cycles = 5;

    private static readonly string Start = string.Join('\n',
    [
        "What the simulator's speed is measured with.",
        "",
        "hosts: n1 n2 n3 n4 n5 memory=16G",
        .. Enumerable.Range(1, 5).Select(host =>
            $"guests: {string.Join(' ', Enumerable.Range(1, 4).Select(guest => $"g{host}{guest}"))} memory=1G on n{host}"),
        "options: image-locks boot=10s",
        "",
    ]);

    /// <summary>Nothing happens.</summary>
    public static string Steady { get; } = Start + "\nrun 600s\nexpect: converged\n";

    /// <summary>In each cycle of about two minutes: a dead host, a dead agent, a dead guest, a cut, loss, a slow store, a move.</summary>
    public static string Faults { get; } = WriteFaults();

    private static string WriteFaults()
    {
        var text = new StringBuilder(Start);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            var (first, second, third) = ($"n{(cycle % 5) + 1}", $"n{((cycle + 1) % 5) + 1}", $"n{((cycle + 2) % 5) + 1}");
            text.Append(CultureInfo.InvariantCulture, $"""

                after 5s: power off {first}
                after 15s: power on {first}
                after 15s: kill agent {second}
                after 5s: crash g{cycle + 1}1
                after 5s: cut {third} mgmt
                after 10s: heal {third} mgmt
                loss 20% on stor
                after 10s: heal network
                store slow 200ms
                after 10s: store heal
                move g{cycle + 1}2
                after 15s: cut {second}
                after 1s: heal {second}
                run 29s

                """);
        }

        return text.Append("until quiet\nexpect: converged\n").ToString();
    }
}
