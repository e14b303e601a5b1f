using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mainstay.Core.Facts;

namespace Mainstay.Simulator;

/// <summary>Writes the end state of a scenario as JSON.</summary>
internal static class ResultJson
{
    // Evidence and reasons are read by people too: apostrophes stay apostrophes.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ScenarioResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            if (result.Error is { } error)
                WriteError(json, error);
            else
                WriteEnd(json, result);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteError(Utf8JsonWriter json, Language.ScenarioError error)
    {
        json.WriteStartObject("error");
        json.WriteString("file", error.File);
        json.WriteNumber("line", error.Line);
        json.WriteString("what", error.What);
        json.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter json, ScenarioResult result)
    {
        json.WriteStartObject("groups");
        foreach (var group in result.Groups)
        {
            json.WriteStartObject(group.Name);
            json.WriteString("state", group.State);
            json.WriteString("host", group.Host);
            json.WriteNumber("epoch", group.Epoch);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("hosts");
        foreach (var host in result.Hosts)
        {
            json.WriteStartObject(host.Name);
            json.WriteString("state", host.State);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteViolations(json, "violations", result.Violations);
        WriteViolations(json, "expected_violations", result.ExpectedViolations);
        json.WriteStartArray("missed");
        foreach (var missed in result.Missed)
        {
            json.WriteStartObject();
            json.WriteNumber("at", Seconds(missed.At));
            json.WriteNumber("line", missed.Line);
            json.WriteString("expected", missed.Expected);
            json.WriteString("instead", missed.Instead);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("facts");
        foreach (var fact in result.Facts)
            WriteFact(json, fact);
        json.WriteEndArray();
        json.WriteNumber("virtual_seconds", Math.Round(result.VirtualSeconds, 3));
        json.WriteString("facts_hash", result.FactsHash);
    }

    private static void WriteFact(Utf8JsonWriter json, TimedFact fact)
    {
        json.WriteStartObject();
        json.WriteNumber("at", Seconds(fact.At));
        json.WriteString("by", fact.By.Name);
        json.WriteString("fact", fact.Fact.Name);
        foreach (ref readonly FactField field in fact.Fact.Fields.AsSpan())
            json.WriteString(field.Name, field.Value);
        json.WriteString("text", fact.Fact.Sentence);
        json.WriteEndObject();
    }

    private static void WriteViolations(Utf8JsonWriter json, string name, IReadOnlyList<Violation> violations)
    {
        json.WriteStartArray(name);
        foreach (var violation in violations)
        {
            json.WriteStartObject();
            json.WriteNumber("at", Seconds(violation.At));
            json.WriteString("rule", violation.Rule);
            json.WriteString("what", violation.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static decimal Seconds(TimeSpan time) => Math.Round((decimal)time.TotalSeconds, 3);
}
