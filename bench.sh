#!/usr/bin/env bash
# Measures. Each benchmark prints the machine it ran on, and --json prints one object instead.
#
#   ./bench.sh failover [--kind KIND] [--runs 5] [--guests N] [--victim any|leader] [--fence instant|ipmi]
#       power (unless given), hang, bmc-dead, partition: seconds from the fault to each phase of the guests' recovery
#       agent-kill, libvirtd-kill, blip-1s, blip-3s [--whole true|false]: counts what it cost; exit code 1 if it was not nothing
#   ./bench.sh orchestration [--resources 200] [--runs 5]                                     proof to all started, trivial resources
#   ./bench.sh idle [--guests 100] [--hosts 3] [--seconds 60]                                 CPU and memory while nothing happens
#   ./bench.sh soak-lab [--minutes 60] [--watchdog 3] [--seed N]                              random faults on real processes, unattended;
#       goes on after a finding; says all of it in artifacts/soak-lab-DATE.txt too
#   ./bench.sh beacon [--seconds 60]                                                          how late the beacon wakes, all cores busy
#   ./bench.sh simulator [--seconds 3]                                                        virtual seconds per second, five hosts
#   ./bench.sh placement [--large] [--runs N]                                                 decisions about places in large clusters
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
  failover | orchestration | idle | beacon | simulator | soak-lab | soak-sim | placement) shift ;;
  *)
    sed -n '2,/^set /{/^#/{s/^# \{0,1\}//;p}}' bench.sh >&2
    exit 2
    ;;
esac
if [[ $name == simulator || $name == soak-sim || $name == placement ]]; then
  case $name in
    simulator) what=bench ;;
    soak-sim) what=soak ;;
    placement) what=placement ;;
  esac
  # Simulated clusters leave much short-lived memory behind, which is collected in few large steps.
  export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000
  # Compiled in full before it first runs, as the programs in the packages are.
  [[ $name != placement ]] || export DOTNET_TieredCompilation=0
  [[ $native == no ]] || { scripts/build.sh --aot mainstay && exec artifacts/native/mainstay simulate "$what" "$@"; }
  exec ./mainstay simulate "$what" "$@"
fi
if [[ $name == beacon ]]; then
  ((EUID == 0)) || { say 'Missing: root. The beacon is measured as it runs in service: real-time and locked in memory.'; exit 1; }
  scripts/build.sh && exec ./mainstay lab bench beacon "$@"
fi
((EUID == 0)) || { say 'Missing: root. The benchmark makes namespaces, bridges and virtual machines. Run it with sudo.'; exit 1; }
scripts/install-prerequisites.sh || exit 1
if [[ $native == yes ]]; then
  scripts/build.sh --aot
  export MAINSTAY_BIN="$PWD/artifacts/native"
fi
if [[ $name == soak-lab ]]; then
  mkdir -p artifacts
  [[ " $* " == *" --minutes "* ]] || set -- --minutes 60 "$@"
  [[ " $* " == *" --watchdog "* ]] || set -- --watchdog 3 "$@"
  exec ./mainstay lab soak --keep-going --report "artifacts/soak-lab-$(date +%Y-%m-%d-%H%M).txt" "$@"
fi
exec ./mainstay lab bench "$name" "$@"
