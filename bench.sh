#!/usr/bin/env bash
# Measures. Each benchmark prints the machine it ran on, and --json prints one object instead.
#
#   ./bench.sh failover [--kind KIND] [--runs 5] [--guests N] [--victim any|leader] [--fence instant|ipmi]
#       power (unless given), hang, bmc-dead, partition: seconds from the fault to each phase of the guests' recovery
#       agent-kill, libvirtd-kill, blip-1s, blip-3s [--whole true|false]: counts what it cost; exit code 1 if it was not nothing
#   ./bench.sh orchestration [--resources 200] [--runs 5]                                     proof to all started, trivial resources
#   ./bench.sh idle [--guests 100] [--hosts 3] [--seconds 60]                                 CPU and memory while nothing happens
#   ./bench.sh simulator [--seconds 3]                                                        virtual seconds per second, five hosts
#   ./bench.sh soak-sim --hours N [--from SEED] [--jobs J]                                    hours of clusters under all faults
#
# --native before the name measures the programs as packages ship them (native code; builds it first, some minutes).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

say() { printf '%s\n' "$*" >&2; }

native=no
if [[ "${1:-}" == --native ]]; then
  native=yes
  shift
fi
name=${1:-}
case $name in
  failover | orchestration | idle | simulator | soak-sim) shift ;;
  *)
    sed -n '2,/^set /{/^#/{s/^# \{0,1\}//;p}}' bench.sh >&2
    exit 2
    ;;
esac
if [[ $name == simulator || $name == soak-sim ]]; then
  [[ $name == simulator ]] && what=bench || what=soak
  [[ $native == no ]] || { scripts/build.sh --aot mainstay && exec artifacts/native/mainstay simulate "$what" "$@"; }
  exec ./mainstay simulate "$what" "$@"
fi
((EUID == 0)) || { say 'Missing: root. The benchmark makes namespaces, bridges and virtual machines. Run it with sudo.'; exit 1; }
scripts/install-prerequisites.sh || exit 1
if [[ $native == yes ]]; then
  scripts/build.sh --aot
  export MAINSTAY_BIN="$PWD/artifacts/native"
fi
exec ./mainstay lab bench "$name" "$@"
