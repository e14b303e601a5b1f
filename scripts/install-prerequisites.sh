#!/bin/bash
# Installs what Mainstay, its lab and its tests need on Debian 12. Sourced, it gives install_prerequisites; run, it calls it.
# Services that the packages would start are kept from starting: the lab and the agent run their own.

PREREQUISITES=(
  # file that shows it is there                      package
  "/usr/bin/qemu-system-x86_64                        qemu-system-x86"
  "/usr/sbin/libvirtd                                 libvirt-daemon"
  "/usr/sbin/virtlogd                                 libvirt-daemon"
  "/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so libvirt-daemon-driver-qemu"
  "/etc/libvirt/qemu.conf                             libvirt-daemon-system"
  "/usr/lib/x86_64-linux-gnu/libvirt.so.0             libvirt0"
  "/usr/bin/virsh                                     libvirt-clients"
  "/usr/bin/etcd                                      etcd-server"
  "/usr/bin/ipmi_sim                                  openipmi"
  "/usr/bin/ipmitool                                  ipmitool"
  "/usr/sbin/fence_ipmilan                            fence-agents"
  "/usr/sbin/nft                                      nftables"
  "/sbin/ip                                           iproute2"
  "/usr/bin/unshare                                   util-linux"
  "/usr/bin/as                                        binutils"
  "/usr/bin/gcc                                       gcc"
  "/usr/lib/x86_64-linux-gnu/libc.a                   libc6-dev"
  "/usr/bin/lz4                                       lz4"
  "/usr/bin/clang                                     clang"
  "/usr/include/zlib.h                                zlib1g-dev"
  "/usr/bin/spin                                      spin"
)

missing_packages() {
  local line file package
  for line in "${PREREQUISITES[@]}"; do
    read -r file package <<<"$line"
    [ -e "$file" ] || echo "$package"
  done | sort -u
}

install_prerequisites() {
  local packages policy=/usr/sbin/policy-rc.d blocked=
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -eq 0 ] && return 0
  local command="apt-get install -y --no-install-recommends ${packages[*]}"
  if [ "$(id -u)" != 0 ]; then
    echo "These packages are missing; as root: $command" >&2
    return 1
  fi
  echo "Installing ${packages[*]}" >&2
  # Packages ask policy-rc.d before they start a service; 101 forbids it. An administrator's own policy is left alone.
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && blocked=yes
  fi
  local result=0
  if ! DEBIAN_FRONTEND=noninteractive $command >&2; then
    # The lists of packages may be old or absent.
    { DEBIAN_FRONTEND=noninteractive apt-get update && DEBIAN_FRONTEND=noninteractive $command; } >&2 || result=1
  fi
  [ -z "$blocked" ] || rm -f "$policy"
  [ $result -eq 0 ] || echo "The packages could not be installed: $command" >&2
  return $result
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  install_prerequisites
fi
