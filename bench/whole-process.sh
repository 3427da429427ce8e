#!/usr/bin/env bash
# Times the built tool as a whole process: `run 03-kubelet --yes`, beside `version` (the same program doing next to nothing), in turn.
#   bench/whole-process.sh [RUNS] [aot]      prints medians, the ratio, and peak memory
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-10}
kind=${2:-ready-to-run}
out=artifacts/bench/$kind
if [ "$kind" = aot ]; then
  dotnet publish src/KubeLessons.Cli -c Release -p:PublishAot=true -o "$out" -nologo -v quiet
else
  dotnet publish src/KubeLessons.Cli -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$out" -nologo -v quiet
fi
tool=$out/KubeLessons.Cli

# One run: wall milliseconds and peak memory in KiB.
once() {
  local begin end peak
  begin=$(date +%s%N)
  peak=$( { /usr/bin/env time -f %M "$@" > /dev/null; } 2>&1 | tail -n 1)
  end=$(date +%s%N)
  echo "$(((end - begin) / 1000000)) $peak"
}

lesson=() nothing=()
for ((i = 0; i <= runs; i++)); do
  a=$(once "$tool" run 03-kubelet --yes)
  b=$(once "$tool" version)
  [ "$i" -gt 0 ] || continue # the first of each warms the disk cache
  lesson+=("$a") nothing+=("$b")
done

median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
peak() { printf '%s\n' "$@" | awk '$2>m {m=$2} END {printf "%d", m/1024}'; }
l=$(median "${lesson[@]}") n=$(median "${nothing[@]}")
printf '%s: run 03-kubelet --yes %s ms (peak %s MiB), version %s ms (peak %s MiB), ratio %s\n' \
  "$kind" "$l" "$(peak "${lesson[@]}")" "$n" "$(peak "${nothing[@]}")" "$(awk "BEGIN {printf \"%.2f\", $l/$n}")"
