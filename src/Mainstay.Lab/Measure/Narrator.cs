using System.Diagnostics;
using System.Globalization;

namespace Mainstay.Lab.Measure;

/// <summary>Tells what goes on, for a person who watches: numbered steps with the time since the start, and what belongs to them.</summary>
internal sealed class Narrator(TextWriter output)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int steps;

    public TimeSpan Elapsed => clock.Elapsed;

    public void Step(string text) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{++steps}. {text}  [{clock.Elapsed.TotalSeconds:0.0} s]"));

    public void Say(string text) => output.WriteLine(text.Length == 0 ? "" : "   " + text);

    public void Show(TimelineLine line) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {line.Seconds,7:+0.000;-0.000} s  {line.Text}"));
}
