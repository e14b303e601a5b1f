namespace Mainstay.Repo.Tests.Rules;

/// <summary>Something every file of a kind keeps to. Carries examples, so that a rule that can no longer fail fails its own test.</summary>
internal sealed record Rule(string Name)
{
    public required Func<RepoFile, bool> AppliesTo { get; init; }

    public required Func<RepoFile, IEnumerable<Finding>> Check { get; init; }

    /// <summary>What to do about a finding.</summary>
    public required string Mend { get; init; }

    /// <summary>Each of these breaks the rule.</summary>
    public required IReadOnlyList<RepoFile> Bad { get; init; }

    /// <summary>Close to breaking it, but fine.</summary>
    public required IReadOnlyList<RepoFile> Good { get; init; }

    public IEnumerable<string> Broken(IEnumerable<RepoFile> files) =>
        from file in files
        where AppliesTo(file)
        from finding in Check(file)
        select $"{file.Path}:{finding.Line}: {finding.What}. {Mend}";

    public override string ToString() => Name;
}

/// <summary>What is wrong, and in which line.</summary>
internal sealed record Finding(int Line, string What);
