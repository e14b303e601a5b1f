namespace Mainstay.Lab.Guests;

/// <summary>The serial port of one guest on one host: a file that grows. The letters are explained in boot-sector.S.</summary>
internal sealed class SerialPort(string path, string host, long heard)
{
    private readonly string guest = Path.GetFileNameWithoutExtension(path);
    private bool silentSinceBoot;

    public IReadOnlyList<GuestEvent> Hear(long now)
    {
        var said = new List<GuestEvent>();
        foreach (var letter in ReadOn())
        {
            switch (letter)
            {
                case (byte)'B':
                    silentSinceBoot = true;
                    said.Add(new GuestEvent.Booted(guest, host, now));
                    break;
                case (byte)'.' when silentSinceBoot:
                    silentSinceBoot = false;
                    said.Add(new GuestEvent.Spoke(guest, host, now));
                    break;
                case (byte)'!':
                    said.Add(new GuestEvent.SawForeignWriter(guest, host, now));
                    break;
                case (byte)'E':
                    said.Add(new GuestEvent.DiskFailed(guest, host, now));
                    break;
            }
        }

        return said;
    }

    private byte[] ReadOn()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // A file that shrank was begun anew.
            file.Position = file.Length < heard ? 0 : heard;
            var news = new byte[file.Length - file.Position];
            var read = file.ReadAtLeast(news, news.Length, throwOnEndOfStream: false);
            heard = file.Position;
            return news[..read];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}
