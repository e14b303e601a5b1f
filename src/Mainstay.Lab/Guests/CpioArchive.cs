using System.Globalization;
using System.Text;

namespace Mainstay.Lab.Guests;

/// <summary>Writes the "newc" archive that the kernel unpacks as its first file system.</summary>
internal sealed class CpioArchive
{
    private const int DirectoryMode = 0x41ed;
    private const int ProgramMode = 0x81ed;
    private const int CharacterDeviceMode = 0x2180;

    private readonly List<byte> bytes = [];
    private readonly HashSet<string> directories = new(StringComparer.Ordinal);
    private int inode = 1;

    public void Directory(string path)
    {
        if (path.Length == 0 || !directories.Add(path))
            return;
        Directory(Parent(path));
        Entry(path, DirectoryMode, [], 0, 0);
    }

    public void File(string path, byte[] content)
    {
        Directory(Parent(path));
        Entry(path, ProgramMode, content, 0, 0);
    }

    public void Device(string path, int major, int minor)
    {
        Directory(Parent(path));
        Entry(path, CharacterDeviceMode, [], major, minor);
    }

    public byte[] Finish()
    {
        Entry("TRAILER!!!", 0, [], 0, 0);
        return [.. bytes];
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    private void Entry(string path, int mode, byte[] content, int major, int minor)
    {
        // In the order of the format: inode, mode, user, group, links, time, size, device, the file's device, name length, checksum.
        int[] fields = [inode++, mode, 0, 0, 1, 0, content.Length, 0, 0, major, minor, path.Length + 1, 0];
        var header = "070701" + string.Concat(fields.Select(field => field.ToString("x8", CultureInfo.InvariantCulture)));
        bytes.AddRange(Encoding.ASCII.GetBytes(header + path + "\0"));
        Align();
        bytes.AddRange(content);
        Align();
    }

    private void Align()
    {
        while (bytes.Count % 4 != 0)
            bytes.Add(0);
    }
}
