using System.Globalization;
using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Fence methods and what they read.</summary>
internal sealed class FenceView(TextWriter to, Ink ink, TimeProvider clock)
{
    public void Write(FenceTestReply reply)
    {
        var table = new TextTable("METHOD", "AGENT", "READ", "TOOK", "BY", "SAYS").AlignRight(3);
        foreach (var test in reply.Methods)
        {
            table.Add(
                new Cell(test.Method, Tone.Strong),
                test.Agent,
                test.Ok ? new Cell(test.Power ?? "-", Tone.Good) : new Cell(Cause(test), Tone.Bad),
                string.Create(CultureInfo.InvariantCulture, $"{test.Seconds:0.00} s"),
                test.By,
                test.Text);
        }

        if (!table.IsEmpty)
        {
            table.Write(to, ink);
            to.WriteLine();
        }

        to.WriteLine(ink.Paint(reply.Text, reply.Ready ? Tone.Good : Tone.Warning));
    }

    public void Write(FenceList list)
    {
        var table = new TextTable("HOST", "METHOD", "AGENT", "LAST TEST", "OPTIONS");
        foreach (var host in list.Hosts)
        {
            if (host.Fencing.Methods.Count == 0)
                table.Add(new Cell(host.Host, Tone.Strong), "-", "-", new Cell("no method", Tone.Warning), "-");
            foreach (var method in host.Fencing.Methods)
            {
                table.Add(
                    new Cell(host.Host, Tone.Strong),
                    method.Name,
                    method.Agent,
                    LastTest(method.LastTest),
                    string.Join(' ', method.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")));
            }
        }

        table.Write(to, ink);
    }

    private Cell LastTest(FenceTestResult? test) => test switch
    {
        null => new Cell("not tested", Tone.Warning),
        { Ok: true } => new Cell($"{test.Power}, {TimeText.Ago(test.At, clock)}", Tone.Good),
        _ => new Cell($"{Cause(test)}, {TimeText.Ago(test.At, clock)}", Tone.Bad),
    };

    private static string Cause(FenceTestResult test) => (test.Cause ?? "failed").Replace('_', ' ');
}
