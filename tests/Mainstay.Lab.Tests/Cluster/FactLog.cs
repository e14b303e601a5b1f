using System.Diagnostics;
using Mainstay.Contracts.Api;
using Mainstay.Lab.Measure;

namespace Mainstay.Lab.Tests.Cluster;

/// <summary>All facts of all hosts since the log was begun, read from their journals without asking any agent.</summary>
internal sealed class FactLog
{
    private readonly FactFeed feed;
    private readonly CancellationToken cancel;
    private readonly List<EventEntry> facts = [];

    public FactLog(LabCluster lab, CancellationToken cancel)
    {
        (feed, this.cancel) = (new FactFeed(lab), cancel);
        feed.News();
    }

    public IReadOnlyList<EventEntry> All
    {
        get
        {
            facts.AddRange(feed.News());
            return facts;
        }
    }

    public IReadOnlyList<EventEntry> Of(string fact) => [.. All.Where(entry => entry.Fact == fact)];

    /// <summary>Those of a kind about one host, one group, or any other value of their fields.</summary>
    public IReadOnlyList<EventEntry> Of(string fact, string about) => [.. Of(fact).Where(entry => entry.Fields.Values.Contains(about))];

    /// <summary>From here on only what is new counts.</summary>
    public void Forget()
    {
        feed.News();
        facts.Clear();
    }

    public async Task<EventEntry> Until(string fact, string about)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20, cancel))
        {
            if (Of(fact, about) is [var first, ..])
                return first;
            Assert.True(waited.Elapsed < Stage.Limit, $"Not within {Stage.Limit.TotalSeconds:0} s: {fact} about {about}\n{Text()}");
        }
    }

    public void AssertNone(params string[] names) =>
        Assert.True(!All.Any(entry => names.Contains(entry.Fact)), $"Nothing of {string.Join(", ", names)} was expected.\n{Text()}");

    public string Text() =>
        "Facts since the test began:" + string.Concat(All.OrderBy(entry => entry.Time)
            .Select(entry => $"\n  {entry.Time:HH:mm:ss.fff} {entry.Host}: {entry.Fact}: {entry.Text}"));
}
