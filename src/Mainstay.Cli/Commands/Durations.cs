using System.CommandLine;
using Mainstay.Cli.Shell;

namespace Mainstay.Cli.Commands;

/// <summary>Options whose value is a duration.</summary>
internal static class Durations
{
    public static Option<TimeSpan> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (DurationText.Parse(text) is { } time)
                return time;
            result.AddError($"{name}: '{text}' is no duration. {DurationText.Mend}");
            return default;
        },
    };
}
