/* The first and only process of the lab's Linux guest: loads the drivers, starts the guest agent, and beats on the disk.
 *
 * Serial port and disk are those of boot-sector.S, so that one watcher and one checker serve both guests:
 *   B booted   . one beat   ! somebody else wrote since my last beat   E the disk failed
 * Files that a command through the guest agent may create: /run/stop-beating (the application "hangs"), /run/fail (it exits, the
 * kernel panics), /run/poweroff (an orderly shutdown from inside).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECTOR = 512, RING_START = 64, RING_MASK = 16383, PERIOD_MS = 200 };

struct beat {
    char magic[4];
    uint32_t counter;
    uint64_t life;
    uint32_t number;
    uint32_t found_counter;
    uint64_t found_life;
    uint32_t strangers;
    uint32_t tick;
} __attribute__((packed));

static int serial = -1;

static void say(char letter)
{
    if (serial >= 0 && write(serial, &letter, 1) != 1)
        serial = -1;
}

/* Names carry their order; a driver whose partner comes later is tried again. */
static void load_drivers(void)
{
    struct dirent **names;
    int count = scandir("/modules", &names, NULL, alphasort);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < count; i++) {
            char path[300];
            snprintf(path, sizeof path, "/modules/%s", names[i]->d_name);
            int file = open(path, O_RDONLY | O_CLOEXEC);
            if (file < 0)
                continue;
            syscall(SYS_finit_module, file, "", 0);
            close(file);
        }
    }
}

/* The guest agent looks for its channel by name, which elsewhere udev would provide. */
static void name_channels(void)
{
    mkdir("/dev/virtio-ports", 0755);
    DIR *ports = opendir("/sys/class/virtio-ports");
    struct dirent *entry;
    while (ports && (entry = readdir(ports))) {
        char path[400], name[128] = "", link[400], target[300];
        snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        if (fscanf(file, "%127s", name) == 1) {
            snprintf(link, sizeof link, "/dev/virtio-ports/%s", name);
            snprintf(target, sizeof target, "../%s", entry->d_name);
            if (symlink(target, link) != 0)
                say('?');
        }
        fclose(file);
    }
    if (ports)
        closedir(ports);
}

static void start_agent(void)
{
    if (fork() == 0) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execl("/usr/sbin/qemu-ga", "qemu-ga", "-m", "virtio-serial", "-p", "/dev/virtio-ports/org.qemu.guest_agent.0", "-t", "/run", (char *)0);
        _exit(127);
    }
}

static uint32_t tick_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    double seconds = (now.tv_sec % 86400) + now.tv_nsec / 1e9;
    return (uint32_t)(seconds * 1193182.0 / 65536);
}

/* One beat; 0 when the disk failed. The ring comes first: see boot-sector.S. */
static int beat_once(int disk, char *buffer, uint64_t life, uint32_t *number, uint32_t *strangers)
{
    struct beat beat;
    if (pread(disk, buffer, SECTOR, SECTOR) != SECTOR)
        return 0;
    memcpy(&beat, buffer, sizeof beat);
    if (*number > 0 && beat.life != life) {
        ++*strangers;
        say('!');
    }
    beat.found_counter = beat.counter;
    beat.found_life = beat.life;
    memcpy(beat.magic, "MBT1", 4);
    beat.counter++;
    beat.life = life;
    beat.number = *number + 1;
    beat.strangers = *strangers;
    beat.tick = tick_now();
    memcpy(buffer, &beat, sizeof beat);
    if (pwrite(disk, buffer, SECTOR, (RING_START + (off_t)(beat.counter & RING_MASK)) * SECTOR) != SECTOR)
        return 0;
    if (pwrite(disk, buffer, SECTOR, SECTOR) != SECTOR)
        return 0;
    ++*number;
    return 1;
}

int main(void)
{
    static char buffer[SECTOR] __attribute__((aligned(4096)));
    uint64_t life = 0;
    uint32_t number = 0, strangers = 0;
    int disk = -1;

    mount("proc", "/proc", "proc", 0, 0);
    mount("sysfs", "/sys", "sysfs", 0, 0);
    mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
    mount("tmpfs", "/run", "tmpfs", 0, 0);
    serial = open("/dev/ttyS0", O_WRONLY | O_NOCTTY | O_CLOEXEC);
    say('B');
    load_drivers();
    if (getrandom(&life, sizeof life, GRND_NONBLOCK) != sizeof life)
        life = (uint64_t)time(NULL) << 32 | __builtin_ia32_rdtsc() >> 4;
    name_channels();
    start_agent();

    for (;;) {
        struct timespec pause = { 0, PERIOD_MS * 1000000L };
        if (disk < 0)
            disk = open("/dev/vda", O_RDWR | O_DIRECT | O_DSYNC | O_CLOEXEC);
        if (access("/run/stop-beating", F_OK) != 0)
            say(disk >= 0 && beat_once(disk, buffer, life, &number, &strangers) ? '.' : 'E');
        if (access("/run/poweroff", F_OK) == 0)
            reboot(RB_POWER_OFF);
        if (access("/run/fail", F_OK) == 0)
            return 1;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
        nanosleep(&pause, NULL);
    }
}
