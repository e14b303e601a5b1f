using System.Text;
using Mainstay.Core.Membership;
using Mainstay.Core.Model;

namespace Mainstay.Contracts.Beacon;

/// <summary>
/// The file that tells the hook which guests are protected when no beacon answers: a line each with UUID, group and standing,
/// separated by tabs.
/// </summary>
public static class ProtectedList
{
    public static string Write(ValueList<ProtectedGuest> guests)
    {
        var text = new StringBuilder();
        foreach (var guest in guests)
        {
            text.Append(OneField(guest.Uuid)).Append('\t').Append(OneField(guest.Group.Name)).Append('\t')
                .Append(OneField(guest.Standing)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The guest with this UUID, or with this name when the UUID is not listed or not known.</summary>
    public static ProtectedGuest? Find(string text, string uuid, string name)
    {
        ProtectedGuest? byName = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var first = line.IndexOf('\t');
            var second = first < 0 ? -1 : line[(first + 1)..].IndexOf('\t') + first + 1;
            if (second <= first)
                continue;
            var group = line[(first + 1)..second];
            var byUuid = uuid.Length > 0 && line[..first].Equals(uuid, StringComparison.OrdinalIgnoreCase);
            if (!byUuid && !group.Equals(name, StringComparison.Ordinal))
                continue;
            var guest = new ProtectedGuest(new GroupId(group.ToString()), line[..first].ToString(), line[(second + 1)..].ToString());
            if (byUuid)
                return guest;
            byName ??= guest;
        }

        return byName;
    }

    private static string OneField(string text) => text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
}
