# The smallest guest: one boot sector that beats on its disk four to five times a second and notices when somebody else does.
#
# Serial port:  B booted   . one beat on the disk   ! the disk was written by another since my last beat   E the disk failed
# Disk:         sector 1 holds the last beat, sectors 64.. are a ring of all beats (counter modulo 16384).
# A beat:       0 magic "MBT1", 4 counter, 8 nonce, 16 beats since boot, 20 counter found, 24 nonce found, 32 foreign beats seen, 36 tick
# The ring is written first, so a guest that dies between the two writes leaves no hole: its successor uses the slot again.

        .code16
        .globl  _start

        .set    TICKS, 0x46c
        .set    BEATS_PER_RING, 0x3fff

# Stack, record and variables each have a page of memory without code in it: the emulator takes every write to a page that holds code
# for a change of the code.
        .set    STACK, 0x7000
        .set    RECORD, 0x8000
        .set    DATA, 0x9000
        .set    nonce, DATA             # 8 bytes
        .set    beats, DATA + 8
        .set    strangers, DATA + 12
        .set    packet, DATA + 16       # what int 13h reads: size, sectors, address, block
        .set    lba, packet + 8
        .set    drive, DATA + 32

_start: cli
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $STACK, %sp
        sti
        cld
        movw    $DATA, %di
        movw    $32, %cx
        rep stosw
        movb    %dl, drive
        movb    $16, packet
        movb    $1, packet + 2
        movw    $RECORD, packet + 4
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

        .org    510
        .word   0xaa55
