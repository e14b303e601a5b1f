using System.Globalization;
using Mainstay.Contracts.Api;
using Microsoft.AspNetCore.Http;

namespace Mainstay.Agent.Api;

/// <summary>Which events are asked for.</summary>
internal sealed record EventQuery(int Last, bool Follow, string? Guest, string? Host, long After)
{
    public static EventQuery Parse(IQueryCollection query)
    {
        var last = Number(query, "last", 200);
        if (last is < 0 or > ApiPaths.MostEvents)
            throw new MalformedException($"last={last}: give 0 to {ApiPaths.MostEvents}");
        return new EventQuery((int)last, query["follow"] == "true", Text(query, "guest"), Text(query, "host"), Number(query, "after", 0));
    }

    public bool Wants(EventEntry entry) =>
        entry.Seq > After
        && (Host is null || entry.Host == Host || entry.Fields.Values.Any(v => Names(v, Host)))
        && (Guest is null || entry.Fields.Values.Any(v => v == Guest));

    /// <summary>The same question to one host's journal.</summary>
    public string ToQuery(bool follow, long after, int last) => string.Create(
        CultureInfo.InvariantCulture,
        $"?last={last}&after={after}{(follow ? "&follow=true" : "")}{Part("guest", Guest)}{Part("host", Host)}");

    private static bool Names(string value, string host) => value == host || value.StartsWith(host + "/", StringComparison.Ordinal);

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static long Number(IQueryCollection query, string name, long usual)
    {
        if (Text(query, name) is not { } text)
            return usual;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new MalformedException($"{name}={text} is no whole number");
    }
}
