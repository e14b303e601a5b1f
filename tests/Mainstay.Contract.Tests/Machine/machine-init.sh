#!/bin/busybox sh
# First process of the virtual machine that stands for a host: loads drivers, starts what the test put into /autostart, and carries out
# the lines that come in on the serial port. What it says about itself begins with "machine:".
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t cgroup2 cgroup /sys/fs/cgroup

# A driver whose partner comes later is tried again.
for round in 1 2 3; do
  for module in /modules/*.ko; do insmod "$module" 2>/dev/null; done
done

# Lines come in as they were typed, and are not sent back.
stty -F /dev/ttyS0 -echo
[ -e /autostart ] && . /autostart
echo "machine: up $(cat /proc/sys/kernel/random/boot_id)"
while read -r line; do
  eval "$line"
  echo "machine: did $?"
done </dev/ttyS0
