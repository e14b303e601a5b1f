using Mainstay.Cli.Config;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Views;

/// <summary>The differences between a configuration file and the cluster, one a line.</summary>
internal sealed class ConfigView(TextWriter to)
{
    public void Plan(ConfigReport report)
    {
        foreach (var change in report.Changes)
            to.WriteLine(Ink.Clean(change.Text));
        to.WriteLine(report.Changes.Count switch
        {
            0 => $"Cluster {report.Cluster} is as {Ink.Clean(report.File)} says.",
            1 => "1 difference.",
            var count => $"{count} differences.",
        });
    }

    public void Done(ConfigReport report)
    {
        foreach (var change in report.Changes)
            to.WriteLine($"{Word(change.Outcome),-9} {Ink.Clean(change.Text)}");
        var done = report.Changes.Count(change => change.Outcome == ConfigReportLine.Done);
        to.WriteLine($"{done} of {report.Changes.Count} done.");
    }

    private static string Word(string outcome) => outcome.Replace('_', ' ');
}
