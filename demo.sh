#!/usr/bin/env bash
# The main job before your eyes: three hosts and six guests on this machine, the host with most guests loses its power, the guests run
# on the survivors, and the disks prove that none ran twice.
#
#   ./demo.sh            tells the story; needs root, Debian 12 and the .NET 10 SDK, and installs the other packages it needs
#   ./demo.sh --json     prints one JSON object on standard output, everything else on standard error
#   ./demo.sh --keep     leaves the lab up to play with, and says how
#
# All options: ./mainstay lab demo --help. Exit code 0: every guest runs and none ran twice.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

say() { printf '%s\n' "$*" >&2; }

for word in "$@"; do
  case $word in -h | --help | '-?') exec ./mainstay lab demo "$@" ;; esac
done
missing=0
if ! command -v dotnet >/dev/null || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
  say 'Missing: the .NET 10 SDK (https://dotnet.microsoft.com/download).'
  missing=1
fi
if ((EUID != 0)); then
  say 'Missing: root. The demonstration makes namespaces, bridges and virtual machines. Run it with sudo.'
  missing=1
fi
scripts/install-prerequisites.sh || missing=1
((missing == 0)) || exit 1

exec ./mainstay lab demo "$@"
