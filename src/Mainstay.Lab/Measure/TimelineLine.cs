namespace Mainstay.Lab.Measure;

/// <summary>One line of a live timeline.</summary>
internal sealed record TimelineLine(double Seconds, string Text);
