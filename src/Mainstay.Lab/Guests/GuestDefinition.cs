using System.Xml.Linq;

namespace Mainstay.Lab.Guests;

/// <summary>
/// Writes the libvirt definition of a lab guest: as little hardware as it can live with, because each piece costs start time.
/// </summary>
internal static class GuestDefinition
{
    public static string Write(LabGuest guest, LinuxGuestImage? image) => Domain(guest, image).ToString();

    private static XElement Domain(LabGuest guest, LinuxGuestImage? image) => new("domain",
        new XAttribute("type", "qemu"),
        new XElement("name", guest.Name),
        new XElement("memory", new XAttribute("unit", "MiB"), image is null ? 4 : 128),
        new XElement("vcpu", 1),
        image is null ? FromDisk() : FromKernel(image),
        new XElement("features",
            new XElement("acpi"),
            image is null ? null : new XElement("apic"),
            new XElement("tcg", new XElement("tb-cache", new XAttribute("unit", "MiB"), image is null ? 8 : 64))),
        image is null ? null : new XElement("cpu",
            new XAttribute("mode", "custom"), new XAttribute("match", "exact"), new XElement("model", "qemu64")),
        new XElement("clock", new XAttribute("offset", "utc")),
        new XElement("on_poweroff", "destroy"),
        new XElement("on_reboot", "restart"),
        new XElement("on_crash", "destroy"),
        Devices(guest));

    private static XElement FromDisk() => new("os",
        new XElement("type", new XAttribute("arch", "x86_64"), new XAttribute("machine", "pc"), "hvm"),
        new XElement("boot", new XAttribute("dev", "hd")));

    private static XElement FromKernel(LinuxGuestImage image) => new("os",
        new XElement("type", new XAttribute("arch", "x86_64"), new XAttribute("machine", "q35"), "hvm"),
        new XElement("kernel", image.Kernel),
        new XElement("initrd", image.InitialDisk),
        new XElement("cmdline", LinuxGuestImage.KernelCommandLine));

    private static XElement Devices(LabGuest guest) => new("devices",
        new XElement("emulator", "/usr/bin/qemu-system-x86_64"),
        new XElement("disk", new XAttribute("type", "file"), new XAttribute("device", "disk"),
            // The disks stand for storage elsewhere. Through the page cache, which all hosts of a lab share, they do not take the
            // machine's one real disk from the stores.
            new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "raw"), new XAttribute("cache", "writeback"),
                new XAttribute("error_policy", "stop"), new XAttribute("rerror_policy", "stop")),
            new XElement("source", new XAttribute("file", guest.DiskPath)),
            // The firmware enters its system management mode for each block of a virtio disk, which under emulation costs four times
            // what an IDE disk does.
            guest.Kind == LabGuestKind.BootSector
                ? new XElement("target", new XAttribute("dev", "hda"), new XAttribute("bus", "ide"))
                : new XElement("target", new XAttribute("dev", "vda"), new XAttribute("bus", "virtio")),
            guest.Shareable ? new XElement("shareable") : null),
        new XElement("controller", new XAttribute("type", "usb"), new XAttribute("model", "none")),
        new XElement("memballoon", new XAttribute("model", "none")),
        guest.Kind != LabGuestKind.Linux ? null : new XElement("channel", new XAttribute("type", "unix"),
            new XElement("target", new XAttribute("type", "virtio"), new XAttribute("name", "org.qemu.guest_agent.0"))),
        new XElement("serial", new XAttribute("type", "file"),
            new XElement("source",
                new XAttribute("path", "/var/log/libvirt/qemu/" + SerialFile(guest.Name)), new XAttribute("append", "on")),
            new XElement("target", new XAttribute("port", "0"))));

    public const string SerialSuffix = ".serial";

    public static string SerialFile(string guest) => guest + SerialSuffix;
}
