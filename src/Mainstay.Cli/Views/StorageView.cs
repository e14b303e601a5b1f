using Mainstay.Cli.Shell;
using Mainstay.Contracts.Api;

namespace Mainstay.Cli.Views;

/// <summary>Storages, and what they know of the hosts.</summary>
internal sealed class StorageView(TextWriter to, Ink ink)
{
    public void Write(StorageTestReply reply)
    {
        var table = new TextTable("HOST", "ACCESS", "SAYS");
        foreach (var host in reply.Hosts)
        {
            var tone = host.Access switch
            {
                "admitted" => Tone.Good,
                "cut_off" => Tone.Warning,
                _ => Tone.Bad,
            };
            table.Add(new Cell(host.Host, Tone.Strong), new Cell(host.Access.Replace('_', ' '), tone), host.Text);
        }

        if (!table.IsEmpty)
        {
            table.Write(to, ink);
            to.WriteLine();
        }

        to.WriteLine(ink.Paint(reply.Text, reply.Ready ? Tone.Good : Tone.Warning));
    }

    public void Write(StorageList list)
    {
        if (list.Storages.Count == 0)
        {
            to.WriteLine("No storage is named; hosts are proved dead in other ways. See mainstay storage set --help.");
            return;
        }

        var table = new TextTable("STORAGE", "AGENT", "COVERS", "GUESTS", "OPTIONS");
        foreach (var storage in list.Storages)
        {
            table.Add(
                new Cell(storage.Name, Tone.Strong),
                storage.Agent,
                string.Join(' ', storage.Covers),
                storage.Guests.Count == 0 ? "-" : string.Join(' ', storage.Guests),
                string.Join(' ', storage.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")));
        }

        table.Write(to, ink);
    }
}
