namespace Mainstay.Lab.Guests;

/// <summary>
/// The two guests of the lab; both beat on their disk in the same format and speak the same letters on their serial port.
/// </summary>
public enum LabGuestKind
{
    /// <summary>512 bytes of machine code: boots in a blink, needs 4 MiB.</summary>
    BootSector,

    /// <summary>A Debian kernel with one program and the QEMU guest agent, 128 MiB.</summary>
    Linux,
}
