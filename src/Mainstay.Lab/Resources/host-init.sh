#!/bin/bash
# The first process of a lab host. Killing it from outside is the host's loss of power: the kernel ends everything in it at once.
# It does what a real host's init would: mounts, network, libvirt, and Mainstay's two daemons, started again whenever they end.

exec </dev/null >>"$LAB_HOST_DIRECTORY/console.log" 2>&1
echo "--- $LAB_HOST starts $(date +%T.%N)"
hostname "$LAB_HOST"

own() { # own DIRECTORY PLACE: the host's own directory or file over the machine's
  mount --bind "$LAB_HOST_DIRECTORY/$1" "$2" || echo "$2 could not be mounted"
}

mount --make-rprivate /
mount -t proc proc /proc
mount -t sysfs sysfs /sys
cat /proc/sys/kernel/random/uuid >"$LAB_HOST_DIRECTORY/boot-id"
own boot-id /proc/sys/kernel/random/boot_id
own etc-libvirt /etc/libvirt
own lib-libvirt /var/lib/libvirt
own log-libvirt /var/log/libvirt
own etc-mainstay /etc/mainstay
own lib-mainstay /var/lib/mainstay
own machine-id /etc/machine-id
own hosts /etc/hosts
own hostname /etc/hostname
mount --bind "$LAB_LIBVIRT_CACHE" /var/cache/libvirt
mount -t overlay -o "lowerdir=$LAB_PROGRAMS:/usr/local/sbin" overlay /usr/local/sbin ||
  mount --bind "$LAB_PROGRAMS" /usr/local/sbin
mount -t tmpfs tmpfs /srv
mkdir /srv/shared
mount --bind "$LAB_SHARED" /srv/shared
mount -t tmpfs -o size=50% tmpfs /dev/shm
mount -t tmpfs tmpfs /run # last: nothing of the machine's own /run is needed from here on
mkdir -p /run/lock /run/tmp /run/mainstay /run/libvirt
export TMPDIR=/run/tmp
ip link set lo up

keep() { # keep PAUSE PROGRAM...: starts it again when it ends, as a service manager would
  local pause=$1 ended
  shift
  while :; do
    "$@"
    ended=$?
    echo "$(date +%T.%N) $* ended ($ended)"
    sleep "$pause"
  done
}

if [ -z "$LAB_WITNESS" ]; then
  keep 0.1 virtlogd &
  keep 0.1 libvirtd -l &
fi

# The machine plugs the cables in from outside.
until [ -e /sys/class/net/mgmt ] && [ -e /sys/class/net/stor ]; do sleep 0.01; done
ip -batch - <<ADDRESSES
addr add $LAB_MANAGEMENT/24 dev mgmt
addr add $LAB_STORAGE/24 dev stor
link set mgmt up
link set stor up
ADDRESSES

if [ -n "$LAB_MAINSTAY" ]; then
  realtime=(chrt -r 10)
  "${realtime[@]}" true || realtime=()
  urgent=(nice -n -10)
  "${urgent[@]}" true || urgent=()
  keep 0.05 "${realtime[@]}" mainstay-beacon &
  keep 0.2 "${urgent[@]}" mainstay-agent &
fi

touch /run/booted
trap : TERM INT
while :; do # bash collects the orphans of the host while it waits
  sleep 3600 &
  wait $!
done
