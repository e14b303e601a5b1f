#!/usr/bin/env bash
# Runs the tests and ends with one line: N passed, N failed[, N skipped].
#
#   ./test.sh              everything, T1 to T6 (docs/testing.md); installs missing packages when it runs as root
#   ./test.sh fast         T1 to T3 and the rules of the repository: no root, no packages, under two minutes
#   ./test.sh NAME...      single projects, such as Core or Lab
#
# Exit code 0: all passed or skipped; 1: a test failed, a project ended without a result or ran no test; 2: wrong use.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_HOME="${HOME:-$PWD/artifacts/home}" LC_ALL=C.UTF-8

# In this order, the quickest first: seconds that a project may take before it is ended. The lab comes last, with the machine to itself.
projects=(Core Simulator Cli Repo Oracle Contract Agent Lab)
declare -A limit=([Core]=120 [Simulator]=480 [Cli]=120 [Repo]=900 [Oracle]=240 [Contract]=400 [Agent]=240 [Lab]=1200)
fast=(Core Simulator Cli Repo)
build_limit=600
total_limit=2400 # Nothing hangs longer than this, whatever the single limits add up to.

passed=0 failed=0 skipped=0 running='' complaints=() filter=()
logs="$PWD/artifacts/test-logs"

say() { printf '%s\n' "$*"; }

remaining() { echo $((total_limit - SECONDS)); }

at_most() { (($1 < $2)) && echo "$1" || echo "$2"; }

# timeout(1) puts the command into a process group of its own: ended at the limit as a whole, and by Ctrl-C from here.
limited() {
  local seconds=$1
  shift
  timeout --signal=TERM --kill-after=20 "$seconds" "$@" </dev/null &
  running=$!
  wait "$running"
  local code=$?
  running=''
  return "$code"
}

interrupted() {
  trap '' INT TERM HUP
  if [[ -n "$running" ]]; then
    # A background process of a script ignores SIGINT.
    kill -TERM -- "-$running" 2>/dev/null || kill -TERM "$running" 2>/dev/null
    local waited=0
    while kill -0 -- "-$running" 2>/dev/null && ((waited++ < 100)); do sleep 0.1; done
    kill -KILL -- "-$running" 2>/dev/null
  fi
  say 'Interrupted.'
  exit 130
}
trap interrupted INT TERM HUP

build() {
  say 'Building ...'
  mkdir -p artifacts "$logs"
  exec 9>artifacts/.lock
  flock -w 600 9 || { say 'Another build holds artifacts/.lock.'; return 1; }
  limited "$build_limit" dotnet build Mainstay.slnx -c Release -nodeReuse:false -v quiet -clp:NoSummary >"$logs/build.log" 2>&1 9>&-
  local code=$?
  exec 9>&-
  if ((code != 0)); then
    cat "$logs/build.log"
    ((code != 124)) || say "The build took more than $build_limit seconds."
    return 1
  fi
  # The lab and the agent's tests run the programs as a checkout runs them.
  [[ "$mode" == fast ]] || limited "$build_limit" scripts/build.sh
}

complain() {
  failed=$((failed + 1))
  complaints+=("$1")
  say "$1"
}

# Runs one project and adds its figures, which it prints itself: Total: 3, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0.
run() {
  local name=$1 program="tests/Mainstay.$1.Tests/bin/Release/net10.0/Mainstay.$1.Tests" log="$logs/$1.log"
  local seconds code summary
  seconds=$(at_most "${limit[$name]}" "$(remaining)")
  say "== $name"
  if ((seconds <= 0)); then
    complain "$name was not run: the total limit of $total_limit seconds is used up."
    return
  fi
  limited "$seconds" "$program" -noColor -noLogo -xml "$logs/$1.xml" "${filter[@]}" >"$log" 2>&1
  code=$?
  cat "$log"
  summary=$(grep -oE 'Total: ([0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+|0$)' "$log" | tail -n 1)
  if ((code == 124 || code == 137)); then
    complain "$name was ended after $seconds seconds."
  elif [[ -z "$summary" ]]; then
    complain "$name ended with exit code $code and without a result."
  else
    local total errors fails skips rest
    read -r total errors fails skips rest < <(grep -oE '[0-9]+' <<<"$summary 0 0 0" | tr '\n' ' ')
    passed=$((passed + total - fails - skips))
    failed=$((failed + fails + errors))
    skipped=$((skipped + skips))
    if ((total == 0)); then
      complain "$name ran no test."
    elif ((code != 0 && fails + errors == 0)); then
      complain "$name ended with exit code $code although no test failed."
    fi
  fi
}

mode=full
selected=("${projects[@]}")
case "${1:-}" in
  '') ;;
  fast)
    mode=fast
    filter=(-trait- cost=slow)
    selected=("${fast[@]}")
    ;;
  *)
    mode=some
    selected=("$@")
    for name in "$@"; do
      [[ -n "${limit[$name]:-}" ]] || { say "Unknown '$name'. Known: fast, ${projects[*]}" >&2; exit 2; }
    done
    ;;
esac

command -v dotnet >/dev/null || { say 'The .NET 10 SDK is missing: https://dotnet.microsoft.com/download'; exit 1; }
export MAINSTAY_TEST_MODE="$mode"
if [[ "$mode" == full ]]; then
  export MAINSTAY_TEST_AOT=1
  limited 300 scripts/install-prerequisites.sh || say 'Tests that need what is missing are skipped.'
fi

if build; then
  for name in "${selected[@]}"; do run "$name"; done
  ((passed + failed > 0)) || complain 'No test ran.'
else
  complain 'The build failed.'
fi

say ''
for complaint in "${complaints[@]}"; do say "$complaint"; done
say "Logs: artifacts/test-logs, $SECONDS seconds."
line="$passed passed, $failed failed"
((skipped == 0)) || line+=", $skipped skipped"
say "$line"
((failed == 0))
