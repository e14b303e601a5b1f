namespace Mainstay.Contract.Tests.Hypervisor;

/// <summary>
/// A guest of 512 bytes: says 'B' on its first serial port and waits. On a PIIX4 board (QEMU's machine "pc") the ACPI registers stand
/// at 0x600 (status), 0x602 (enable) and 0x604 (control); the obedient variant listens to the power button there and powers itself off.
/// </summary>
internal static class BootSector
{
    private const int DiskBytes = 1024 * 1024;

    internal static byte[] Disk(bool obeysPowerButton)
    {
        byte[] code =
        [
            0xBA, 0xF8, 0x03, // mov dx, 0x3f8
            0xB0, 0x42, // mov al, 'B'
            0xEE, // out dx, al
            0xBA, 0x02, 0x06, // mov dx, 0x602
            0xB8, 0x00, (byte)(obeysPowerButton ? 0x01 : 0x00), // mov ax, power button enable
            0xEF, // out dx, ax
            0xF4, // wait: hlt until the next timer tick
            0xBA, 0x00, 0x06, // mov dx, 0x600
            0xED, // in ax, dx
            0xF6, 0xC4, (byte)(obeysPowerButton ? 0x01 : 0x00), // test ah, power button status
            0x74, 0xF6, // jz wait
            0xBA, 0x04, 0x06, // mov dx, 0x604
            0xB8, 0x00, 0x20, // mov ax, sleep enable with type 0 (soft off)
            0xEF, // out dx, ax
            0xEB, 0xED, // jmp wait
        ];
        var disk = new byte[DiskBytes];
        code.CopyTo(disk, 0);
        disk[510] = 0x55;
        disk[511] = 0xAA;
        return disk;
    }
}
