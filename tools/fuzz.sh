#!/bin/sh
# fuzz.sh SECONDS JOBS: runs every fuzz target for that time, beginning with tests/corpus/TARGET/. What it finds new is
# kept in build/fuzz/corpus/TARGET/ for the next run; an input that fails is left in build/fuzz/crashes/ and its path is
# printed. Give it a name in tests/corpus/TARGET/ once it is fixed: then `make test` replays it for ever.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
jobs=${2:-2}
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
cmake --preset fuzz --log-level=WARNING >/dev/null
targets=$(find src -name '*_fuzz.cpp' | sed 's|.*/||; s|_fuzz\.cpp$||' | sort)
[ -n "$targets" ] || { echo "there are no fuzz targets"; exit 0; }
ninja -C build/fuzz -j"$jobs" $(for target in $targets; do echo "usher_fuzz_${target}_fuzz"; done)
mkdir -p build/fuzz/crashes
failed=
for target in $targets; do
  mkdir -p "build/fuzz/corpus/$target"
  seeds="tests/corpus/$target"
  [ -d "$seeds" ] || seeds=
  program=$(find build/fuzz/src -type f -name "usher_fuzz_${target}_fuzz" | head -n 1)
  echo "-- $target: $seconds s"
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="build/fuzz/crashes/$target-" "build/fuzz/corpus/$target" $seeds || failed="$failed $target"
done
if [ -n "$failed" ]; then
  echo "failed:$failed"
  exit 1
fi
