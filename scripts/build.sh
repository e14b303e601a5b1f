#!/usr/bin/env bash
# Builds the programs into artifacts/bin: mainstay, mainstay-agent, mainstay-beacon.
#
#   scripts/build.sh                       what a checkout runs; the beacon as native code where clang is there
#   scripts/build.sh --check               exit code 0 if that build is up to date, 1 if not; builds nothing
#   scripts/build.sh --aot [PROGRAM...]    native code into artifacts/native, as packages ship it
#
# Everything that is said goes to standard error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_HOME="${HOME:-$PWD/artifacts/home}"

declare -A project=(
  [mainstay]=src/Mainstay.Cli
  [mainstay-agent]=src/Mainstay.Agent
  [mainstay-beacon]=src/Mainstay.Beacon
)
programs=(mainstay mainstay-agent mainstay-beacon)
stamp=artifacts/bin/.built

say() { printf '%s\n' "$*" >&2; }

# True if a source is newer than the file; a folder is newer when a file in it came or went.
changed_since() {
  [[ ! -e "$1" ]] || [[ -n "$(find src Directory.* BannedSymbols.txt global.json \
    \( -name obj -o -name bin \) -prune -o -newer "$1" -print -quit)" ]]
}

# Output only when something goes wrong: a build that works has nothing to say. The compiler's server outlives the build, so it must
# not inherit the lock.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null 9>&-; then
    cat "$log" >&2
    rm -f "$log"
    say "Failed: $*"
    return 1
  fi
  rm -f "$log"
}

have_native_tools() { command -v clang >/dev/null && [[ -e /usr/include/zlib.h ]]; }

runtime_id() { [[ "$(uname -m)" == aarch64 ]] && echo linux-arm64 || echo linux-x64; }

# Native code has its own intermediate files (artifacts/work) and lock files, so that it and the ordinary build leave each other alone. The
# analyzers read the same sources in the ordinary build; the compiler of native code warns of what it cannot compile by itself.
publish_native() {
  local program=$1 done_at="artifacts/native/.$1.built" started
  changed_since "$done_at" || return 0
  say "Building $program as native code ..."
  started=$(mktemp)
  mkdir -p artifacts/native
  quietly dotnet publish "${project[$program]}" -c Release -r "$(runtime_id)" --artifacts-path "$PWD/artifacts/work" \
    -o "$PWD/artifacts/work/out/$program" -p:DebugType=none -p:StripSymbols=true -p:RunAnalyzers=false \
    -nodeReuse:false || { rm -f "$started"; return 1; }
  cp -f "artifacts/work/out/$program/$program" "artifacts/native/.$program.new"
  mv -f "artifacts/native/.$program.new" "artifacts/native/$program"
  mv -f "$started" "$done_at"
}

link() { ln -sfn "$1" "artifacts/bin/$2"; }

build_checkout() {
  local started program
  started=$(mktemp)
  say "Building ..."
  mkdir -p artifacts/bin
  quietly dotnet build Programs.slnf -c Release -nodeReuse:false || { rm -f "$started"; return 1; }
  for program in "${programs[@]}"; do
    link "../../${project[$program]}/bin/Release/net10.0/$program" "$program"
  done
  if ! have_native_tools; then
    say "clang or zlib1g-dev is missing: the beacon runs on the .NET runtime here, and the libvirt hook is slower for it."
  elif publish_native mainstay-beacon; then
    link ../native/mainstay-beacon mainstay-beacon
  else
    rm -f "$started"
    return 1
  fi
  mv -f "$started" "$stamp"
}

if [[ "${1:-}" == --check ]]; then
  ! changed_since "$stamp"
  exit
fi
if ! command -v dotnet >/dev/null; then
  say "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
  exit 1
fi

# Two at once would write the same files: the second waits, then mostly finds nothing left to do.
mkdir -p artifacts
exec 9>artifacts/.lock
flock -w 600 9 || { say "Another build holds artifacts/.lock for ten minutes: see who (fuser artifacts/.lock)."; exit 1; }

if [[ "${1:-}" == --aot ]]; then
  shift
  have_native_tools || { say "clang and zlib1g-dev are needed for native code."; exit 1; }
  for program in "${@:-${programs[@]}}"; do
    [[ -n "${project[$program]:-}" ]] || { say "There is no program '$program': ${programs[*]}"; exit 2; }
    publish_native "$program"
  done
elif (($# > 0)); then
  say "Unknown option '$1'. Known: --check, --aot [PROGRAM...]"
  exit 2
elif changed_since "$stamp"; then
  build_checkout
fi
