#!/usr/bin/env bash
# Installs what the lab, the tests and the native build need on Debian 12. Does nothing when all of it is there.
# Exit code 0: all there; 1: something is missing, said on standard error.
set -euo pipefail

packages=(
  qemu-system-x86 qemu-utils libvirt-daemon libvirt-daemon-driver-qemu libvirt-daemon-system libvirt-clients
  etcd-server etcd-client ipmitool openipmi fence-agents busybox-static lz4 clang zlib1g-dev nftables iproute2
  binutils gcc libc6-dev spin tgt sg3-utils xz-utils
)

say() { printf '%s\n' "$*" >&2; }

list_missing() {
  local package
  for package in "${packages[@]}"; do
    [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || printf '%s\n' "$package"
  done
}

if ! command -v dpkg-query >/dev/null; then
  say "This is not Debian: install by hand what these Debian packages hold: ${packages[*]}"
  exit 1
fi

mapfile -t missing < <(list_missing)
if ((${#missing[@]} == 0)); then
  exit 0
fi
if ((EUID != 0)); then
  say "Missing packages: ${missing[*]}"
  say "Install them as root: apt-get install --no-install-recommends ${missing[*]}"
  exit 1
fi

# Packages ask policy-rc.d before they start a service, and 101 forbids it: agent and lab run an etcd and a libvirtd of their own.
# A policy that the administrator made is left alone.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

say "Installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
options=(-q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2)
if ! { apt-get "${options[@]}" update && apt-get "${options[@]}" install --no-install-recommends "${missing[@]}"; } >&2 </dev/null; then
  mapfile -t missing < <(list_missing)
  say "apt-get failed (no network?). Still missing: ${missing[*]}"
  exit 1
fi
