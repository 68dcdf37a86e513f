#!/bin/sh
# bench.sh JOBS: the comparison with the floor (bench/run.py), then every micro-benchmark. Nothing here is a test: the
# numbers depend on the machine, and on what else it does.
set -eu
cd "$(dirname "$0")/.."
cmake --preset release -DUSHER_BENCH=ON --log-level=WARNING >/dev/null
ninja -C build/release -j"${1:-2}"
if [ -e bench/run.py ]; then
  python3 bench/run.py build/release
fi
for program in $(find build/release -type f -name 'usher_*_bench' | sort); do
  echo "-- ${program##*/}"
  "$program" --benchmark_min_time=0.2
done
