# The smallest guest: one boot sector that beats on its disk four to five times a second and notices when somebody else does.
#
# Serial port:  B booted   . one beat on the disk   ! the disk was written by another since my last beat   E the disk failed
# Disk:         sector 1 holds the last beat, sectors 64.. are a ring of all beats (counter modulo 16384).
# A beat:       0 magic "MBT1", 4 counter, 8 nonce, 16 beats since boot, 20 counter found, 24 nonce found, 32 foreign beats seen, 36 tick
# The ring is written first, so a guest that dies between the two writes leaves no hole: its successor uses the slot again.

        .code16
        .globl  _start

        .set    RECORD, 0x8000
        .set    TICKS, 0x46c
        .set    BEATS_PER_RING, 0x3fff

_start: cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7c00, %sp
        sti
        cld
        movb    %dl, drive
        rdtsc
        movl    %eax, nonce             # low half: the cycle counter, different at every start
        movb    $4, %ah
        int     $0x1a                   # date and time of the clock chip make the high half
        movb    %dl, nonce + 7          # day
        movb    $2, %ah
        int     $0x1a
        movb    %ch, nonce + 6          # hour
        movb    %cl, nonce + 5          # minute
        movb    %dh, nonce + 4          # second
        movb    $'B', %al
        call    say

beat:   movl    $1, lba
        movb    $0x42, %ah
        call    disk
        jc      failed
        movl    RECORD + 4, %eax
        movl    %eax, RECORD + 20
        movl    RECORD + 8, %ebx
        movl    %ebx, RECORD + 24
        movl    RECORD + 12, %ecx
        movl    %ecx, RECORD + 28
        cmpl    $0, beats
        je      mine
        cmpl    nonce, %ebx
        jne     foreign
        cmpl    nonce + 4, %ecx
        je      mine
foreign:
        incl    strangers
        movb    $'!', %al
        call    say
mine:   movl    $0x3154424d, RECORD
        movl    RECORD + 20, %eax
        incl    %eax
        movl    %eax, RECORD + 4
        andl    $BEATS_PER_RING, %eax
        addl    $64, %eax
        movl    %eax, lba
        movl    nonce, %eax
        movl    %eax, RECORD + 8
        movl    nonce + 4, %eax
        movl    %eax, RECORD + 12
        movl    beats, %eax
        incl    %eax
        movl    %eax, RECORD + 16
        movl    strangers, %eax
        movl    %eax, RECORD + 32
        movl    TICKS, %eax
        movl    %eax, RECORD + 36
        movw    $0x4300, %ax
        call    disk
        jc      failed
        movl    $1, lba
        movw    $0x4300, %ax
        call    disk
        jc      failed
        incl    beats
        movb    $'.', %al
        jmp     pause
failed: movb    $'E', %al
pause:  call    say
        movw    $4, %cx
1:      movl    TICKS, %eax             # counts changes, so that the daily wrap of the tick counter does no harm
2:      hlt
        cmpl    TICKS, %eax
        je      2b
        loop    1b
        jmp     beat

disk:   movw    $packet, %si
        movb    drive, %dl
        int     $0x13
        ret

say:    pushw   %dx
        pushw   %ax
        movw    $0x3fd, %dx
3:      inb     %dx, %al
        testb   $0x20, %al
        jz      3b
        popw    %ax
        movw    $0x3f8, %dx
        outb    %al, %dx
        popw    %dx
        ret

drive:  .byte   0
nonce:  .quad   0
beats:  .long   0
strangers:
        .long   0
packet: .byte   16, 0
        .word   1, RECORD, 0
lba:    .quad   0

        .org    510
        .word   0xaa55
