using System.CommandLine;

namespace Mainstay.Cli.Commands;

/// <summary>Arguments and options whose value is one of a few words.</summary>
internal static class Words
{
    public static void OnlyFrom(this Argument<string> argument, params string[] words)
    {
        argument.CompletionSources.Add(words);
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value)))
                result.AddError(Wrong(argument.Name, token.Value, words));
        });
    }

    public static void OnlyFrom(this Option<string> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value)))
                result.AddError(Wrong(option.Name, token.Value, words));
        });
    }

    private static string Wrong(string name, string value, string[] words) => $"{name}: '{value}' is none of: {string.Join(", ", words)}";
}
