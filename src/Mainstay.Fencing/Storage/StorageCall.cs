using System.Diagnostics;
using Mainstay.Core.Fencing;
using Mainstay.Core.Model;

namespace Mainstay.Fencing.Storage;

/// <summary>
/// One call of a storage agent: whom it is about, and its tools, which run here or, with the option <c>ssh</c>, on the storage's machine.
/// All of them together end within the limit.
/// </summary>
internal sealed class StorageCall(
    StorageTarget target, StorageConfig storage, StorageTarget? self, ValueList<string> directories, TimeSpan limit)
{
    private const int LongestCause = 200;
    private const string SafeBesides = "._:/,=@%+-{}";

    private readonly Stopwatch watch = Stopwatch.StartNew();

    public StorageTarget Target => target;

    /// <summary>This host with its session; null while it has none.</summary>
    public StorageTarget? Self => self;

    public string Host => target.Session.Host.Name;

    public bool TimeIsUp => watch.Elapsed >= limit;

    /// <summary>What the storage knows this host as.</summary>
    public ValueList<string> Clients => ClientsOf(Host);

    /// <summary>What the storage knows all other hosts as.</summary>
    public ValueList<string> OtherClients => storage.Options
        .Where(o => o.Name.StartsWith(StorageAgent.ClientPrefix, StringComparison.Ordinal) && o.Name != StorageAgent.ClientPrefix + Host)
        .SelectMany(o => Split(o.Value)).ToValueList();

    public string? Option(string name) => storage.Options.FirstOrDefault(o => o.Name == name)?.Value;

    public static ValueList<string> Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToValueList();

    /// <summary>What a tool printed when it ended well; why not otherwise.</summary>
    public Task<Observed<string>> Run(string program, ValueList<string> arguments, CancellationToken cancel) =>
        Run(program, arguments, "", cancel);

    public Task<Observed<string>> Run(string program, ValueList<string> arguments, string input, CancellationToken cancel) =>
        Run(program, arguments, input, 0, cancel);

    /// <param name="mostGood">The greatest exit code with which it ended well: 1 for a search that may find nothing.</param>
    public async Task<Observed<string>> Run(
        string program, ValueList<string> arguments, string input, int mostGood, CancellationToken cancel)
    {
        var left = limit - watch.Elapsed;
        if (left <= TimeSpan.Zero)
            return new Observed<string>.Unknown("the time is up");
        var (there, all) = Option("ssh") is { } server ? ("ssh", OverSsh(server, program, arguments, left)) : (program, arguments);
        if (all.FirstOrDefault(argument => !IsSafe(argument)) is { } odd)
            return new Observed<string>.Unknown($"'{odd}' has characters that are not passed on");
        if (directories.Select(d => Path.Combine(d, there)).FirstOrDefault(File.Exists) is not { } path)
            return new Observed<string>.Unknown($"there is no {there} in {string.Join(", ", directories)}; install it");
        return await ChildProcess.Run(path, all, input, left, cancel).ConfigureAwait(false) switch
        {
            ToolRun.Ended ended when ended.ExitCode >= 0 && ended.ExitCode <= mostGood => new Observed<string>.Known(ended.Output),
            ToolRun.Ended ended => new Observed<string>.Unknown($"{program}: {Cause(ended)}"),
            ToolRun.TimedOut => new Observed<string>.Unknown($"{program} did not end within {left.TotalSeconds:0.#} s"),
            ToolRun.NotStarted not => new Observed<string>.Unknown($"{program}: {not.Why}"),
            _ => throw new UnreachableException(),
        };
    }

    private ValueList<string> ClientsOf(string host) => Split(Option(StorageAgent.ClientPrefix + host));

    // What runs there ends there as well: a command that outlived its call would hit a later session.
    private ValueList<string> OverSsh(string server, string program, ValueList<string> arguments, TimeSpan left)
    {
        var seconds = Math.Max(1, (int)left.TotalSeconds);
        ValueList<string> identity = Option("ssh_identity") is { } file ? ["-i", file] : [];
        return
        [
            "-oBatchMode=yes", "-oConnectTimeout=3", .. identity, server, "timeout", "-k1",
            seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), program, .. arguments,
        ];
    }

    // A remote shell reads the arguments once more: only what no shell takes for anything else goes there.
    private static bool IsSafe(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || SafeBesides.Contains(c, StringComparison.Ordinal));

    private static string Cause(ToolRun.Ended ended)
    {
        var text = string.Join("; ", (ended.Errors + "\n" + ended.Output)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(3));
        return text.Length == 0 ? $"exit code {ended.ExitCode}" : text.Length <= LongestCause ? text : text[..LongestCause] + "…";
    }
}
