#!/usr/bin/env bash
# run.sh SECONDS OUT: every target of this bundle at once, one core each; cores that are left over run targets again, with
# other seeds. A target that stops at a finding goes on from its corpus. OUT gets what was found, and summary.txt.
set -u
shopt -s nullglob
(($# == 2)) || { sed -n 2,3p "$0" >&2; exit 1; }
here=$(cd "$(dirname "$0")" && pwd)
seconds=$1
mkdir -p "$2/tmp" && out=$(cd "$2" && pwd) || exit 1
export TMPDIR=$out/tmp RWKVC_TEST_IMAGES=$here/images ASAN_OPTIONS=$(<"$here/sanitizer"):symbolize=0
mapfile -t limits <"$here/limits"
mapfile -t targets < <(cd "$here/bin" && printf '%s\n' *-fuzz | sed 's/-fuzz$//')

instance() { # TARGET NUMBER
  local target=$1 folder=$out/$1-$2 end=$((SECONDS + seconds)) round=0 dictionary=()
  mkdir -p "$folder/corpus"
  [[ -f $here/dictionaries/$target.dict ]] && dictionary=("-dict=$here/dictionaries/$target.dict")
  while ((SECONDS < end)); do
    # Not exec'd by itself: the libraries, and what loads them, are the bundle's.
    "$here/lib/ld-linux-x86-64.so.2" --library-path "$here/lib" "$here/bin/$target-fuzz" "${limits[@]}" \
      "${dictionary[@]}" "-seed=$(($2 * 1000 + ++round))" "-max_total_time=$((end - SECONDS))" \
      "-artifact_prefix=$folder/found-" "$folder/corpus" "$here/seeds/$target" >"$folder/log-$round" 2>&1
    ((round < 200)) || break # the same finding again and again
  done
}

cores=$(nproc)
count=$((cores > ${#targets[@]} ? cores : ${#targets[@]}))
trap 'kill $(jobs -p) 2>/dev/null' INT TERM
for ((i = 0; i < count; ++i)); do
  instance "${targets[i % ${#targets[@]}]}" $((i / ${#targets[@]} + 1)) &
done
wait

# Of every round of every instance. A program that was killed has no statistics, only the lines that it printed before.
{
  printf '%-17s %12s %6s %10s %8s %6s\n' target executions found 'slowest s' 'peak MB' edges
  for target in "${targets[@]}"; do
    executions=0 slowest=0 peak=0 edges=0
    for log in "$out/$target"-[0-9]*/log-*; do
      ran=0
      while read -r line; do
        case $line in
        "#"[0-9]*cov:*)
          edge=${line#*cov: } edge=${edge%% *}
          ((edge > edges)) && edges=$edge
          ;;
        stat::number_of_executed_units:*) ran=${line##* } ;;
        stat::slowest_unit_time_sec:*) ((${line##* } > slowest)) && slowest=${line##* } ;;
        stat::peak_rss_mb:*) ((${line##* } > peak)) && peak=${line##* } ;;
        esac
      done <"$log"
      ((executions += ran))
    done
    found=("$out/$target"-[0-9]*/found-*)
    printf '%-17s %12d %6d %10d %8d %6d\n' "$target" "$executions" "${#found[@]}" "$slowest" "$peak" "$edges"
  done
} >"$out/summary.txt"
cat "$out/summary.txt"
