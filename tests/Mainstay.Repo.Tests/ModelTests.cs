using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Mainstay.Repo.Tests;

/// <summary>
/// The protocols as models, searched to the end by spin (docs/models.md): intact they break no assertion, and without a guard they do. A
/// search that explored next to nothing would prove nothing, so each has a least number of states.
/// </summary>
[Trait("cost", "slow")]
public sealed partial class ModelTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly SortedDictionary<string, Lazy<Task<string>>> Verifiers = new(StringComparer.Ordinal)
    {
        ["ownership"] = new(() => Build("ownership")),
        ["ownership -DMIGRATION"] = new(() => Build("ownership", "-DMIGRATION")),
        ["keeper-lease"] = new(() => Build("keeper-lease")),
        ["keeper-lease -DCHANGE"] = new(() => Build("keeper-lease", "-DCHANGE")),
    };

    [Theory]
    [InlineData("ownership", 250_000)]
    [InlineData("ownership -DMIGRATION", 1_200_000)]
    [InlineData("keeper-lease", 600_000)]
    [InlineData("keeper-lease -DCHANGE", 750_000)]
    public async Task The_intact_protocol_holds(string model, int states)
    {
        var (found, explored) = await Search(model, "0", "0");

        Assert.Null(found);
        Assert.True(explored >= states, $"{model}: {explored} states");
        TestContext.Current.TestOutputHelper?.WriteLine($"{model}: {explored} states");
    }

    [Theory]
    [InlineData("ownership", "PROOF_BEFORE_REASSIGN")]
    [InlineData("ownership", "PROOF_BOUND_TO_SESSION")]
    [InlineData("ownership", "HOOK_TOKEN")]
    [InlineData("ownership", "CLAIM_BEFORE_START")]
    [InlineData("ownership", "READ_BEFORE_START")]
    [InlineData("ownership", "REVOKE_BEFORE_STOP")]
    [InlineData("ownership", "GONE_BEFORE_CONFIRM")]
    [InlineData("ownership", "CLEAR_BEFORE_JOIN")]
    [InlineData("ownership", "NO_RETURN_AFTER_PROOF")]
    [InlineData("ownership", "AFFIRM")]
    [InlineData("ownership", "EXPIRED_STARTS_NOTHING")]
    [InlineData("ownership", "GUARDED_REASSIGN")]
    [InlineData("ownership -DMIGRATION", "SOURCE_LOCKED")]
    [InlineData("ownership -DMIGRATION", "DESTINATION_ASKED")]
    [InlineData("ownership -DMIGRATION", "DESTINATION_CLEARED")]
    [InlineData("keeper-lease", "COUNTS_FROM_SEND")]
    [InlineData("keeper-lease", "NO_ACK_AFTER_CONSENT")]
    [InlineData("keeper-lease", "SILENT_AFTER_START")]
    [InlineData("keeper-lease", "REGISTERS_FIRST")]
    [InlineData("keeper-lease", "COMPARES_INCARNATIONS")]
    [InlineData("keeper-lease", "WAITS_SAFE_TIME")]
    [InlineData("keeper-lease", "LOOKS_TWICE")]
    [InlineData("keeper-lease", "STOPS_FEEDING", "LOOKS_TWICE")]
    [InlineData("keeper-lease", "FEEDS_ONLY_WHEN_PROVEN", "LOOKS_TWICE")]
    [InlineData("keeper-lease", "MAJORITY")]
    [InlineData("keeper-lease", "STARTS_ONLY_WHEN_VALID", "TOKENS_END")]
    [InlineData("keeper-lease", "TOKENS_END")]
    [InlineData("keeper-lease -DCHANGE", "JOINT_CHANGE")]
    [InlineData("keeper-lease -DCHANGE", "EVERYBODY_FIRST")]
    [InlineData("keeper-lease -DCHANGE", "PROMISES_WHEN_VALID")]
    public async Task A_missing_guard_is_found(string model, string guard, string? behind = null)
    {
        var text = Text(model);

        var (found, explored) = await Search(model, NumberOf(guard, text), behind is null ? "0" : NumberOf(behind, text));

        Assert.True(found is not null, $"{model} without {guard}: {explored} states and no counterexample");
    }

    private static string Text(string model) =>
        File.ReadAllText(Path.Combine(Repository.Here.Root, "models", model.Split(' ')[0] + ".pml"));

    private static string NumberOf(string guard, string text) =>
        Regex.Match(text, $@"^#define {guard}\s+(\d+) ", RegexOptions.Multiline) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"The model has no guard {guard}.");

    private static async Task<(string? Found, int States)> Search(string model, string without, string and)
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/spin") && File.Exists("/usr/bin/gcc"), "spin or gcc is missing (scripts/install-prerequisites.sh)");
        var verifier = await Verifiers[model].Value;
        var run = new ProcessStartInfo(verifier, ["-E", "-m1000000", "-w22"]) { WorkingDirectory = Path.GetDirectoryName(verifier) };
        (run.Environment["WITHOUT"], run.Environment["AND"]) = (without, and);
        var said = await Run(run);
        Assert.False(said.Contains("too small", StringComparison.Ordinal), said);
        var states = StatesStored().Match(said);
        Assert.True(states.Success, said);
        return (
            Violated().Match(said) is { Success: true } found ? found.Value : null,
            int.Parse(states.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static async Task<string> Build(string model, params string[] options)
    {
        var place = Directory.CreateDirectory(
            Path.Combine(Repository.Here.Root, "artifacts/models", string.Join('-', options.Prepend(model)))).FullName;
        var source = Path.Combine(Repository.Here.Root, "models", model + ".pml");
        await Run(new ProcessStartInfo("/usr/bin/spin", [.. options, "-a", source]) { WorkingDirectory = place });

        // Hash-compact: eight bytes for a state; that two states fall together is next to impossible at some millions.
        await Run(new ProcessStartInfo(
            "/usr/bin/gcc", ["-O2", "-w", "-DSAFETY", "-DHC4", "-DNOREDUCE", "-o", "verifier", "pan.c"]) { WorkingDirectory = place });
        return Path.Combine(place, "verifier");
    }

    private static async Task<string> Run(ProcessStartInfo start)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return await output + await errors;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"(\d+) states, stored")]
    private static partial Regex StatesStored();

    [GeneratedRegex("assertion violated.*")]
    private static partial Regex Violated();
}
