using System.CommandLine;

namespace Mainstay.Cli.Commands;

/// <summary>What may be said of a guest when it is protected and later.</summary>
internal static class GuestOptions
{
    public static Option<int?> Tier()
    {
        var option = new Option<int?>("--tier")
        {
            Description = "How important it is when guests are placed: 0 comes first, 4 last.", HelpName = "0..4",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value is not ("0" or "1" or "2" or "3" or "4")))
                result.AddError($"{option.Name}: '{token.Value}' is not a tier: give 0 (served first) to 4");
        });
        return option;
    }

    public static Option<string> Yields()
    {
        var option = new Option<string>("--yields")
        {
            Description = "What may be done to it while it runs, so that a guest of a lower tier number finds a place: never (nothing), "
                + "moves (it goes to another host) or stops (it is shut down, and comes back by itself when there is room).",
            HelpName = "POLICY",
        };
        option.OnlyFrom("never", "moves", "stops");
        return option;
    }

    /// <summary>For what takes room that is kept for a loss.</summary>
    public static Option<string> Override() => new("--override")
    {
        Description = "Also when it takes room that is kept for a loss (mainstay capacity). The reason is kept.",
        HelpName = "REASON",
        DefaultValueFactory = _ => "",
    };
}
