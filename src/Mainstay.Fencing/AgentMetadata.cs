using System.Xml;
using Mainstay.Core.Model;

namespace Mainstay.Fencing;

/// <summary>What a fence agent says of its parameters.</summary>
internal sealed record AgentMetadata(ValueList<AgentParameter> Parameters)
{
    public AgentParameter? Find(string name) => Parameters.FirstOrDefault(p => p.Name == name);

    /// <summary>Reads the agent's XML; a <see cref="FormatException"/> says what is wrong with it.</summary>
    public static AgentMetadata Parse(string xml)
    {
        var begin = xml.IndexOf('<', StringComparison.Ordinal);
        if (begin < 0)
            throw new FormatException("it printed no metadata");
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(xml[begin..]), settings);
        try
        {
            return new AgentMetadata(All(reader).ToValueList());
        }
        catch (XmlException e)
        {
            throw new FormatException($"its metadata is damaged: {e.Message}", e);
        }
    }

    private static List<AgentParameter> All(XmlReader reader)
    {
        var parameters = new List<AgentParameter>();
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Name: "parameter" } && reader.GetAttribute("name") is { } name)
                parameters.Add(One(reader, name));
        }

        return parameters;
    }

    private static AgentParameter One(XmlReader reader, string name)
    {
        var parameter = new AgentParameter(
            Normal(name),
            "string",
            reader.GetAttribute("required") == "1",
            null,
            reader.GetAttribute("obsoletes") is { } old ? Normal(old) : null,
            reader.GetAttribute("deprecated") == "1",
            [],
            "");
        if (reader.IsEmptyElement)
            return parameter;
        while (reader.Read() && reader is not { NodeType: XmlNodeType.EndElement, Name: "parameter" })
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            parameter = reader.Name switch
            {
                "content" => parameter with { Type = reader.GetAttribute("type") ?? "string", Default = reader.GetAttribute("default") },
                "option" when reader.GetAttribute("value") is { } choice => parameter with { Choices = parameter.Choices.Add(choice) },
                "shortdesc" => parameter with { Text = Inner(reader) },
                _ => parameter,
            };
        }

        return parameter;
    }

    private static string Inner(XmlReader reader) =>
        !reader.IsEmptyElement && reader.Read() && reader.NodeType == XmlNodeType.Text ? reader.Value : "";

    /// <summary>Agents write options with underscores or dashes; both mean the same.</summary>
    public static string Normal(string name) => name.Trim().Replace('-', '_');
}
