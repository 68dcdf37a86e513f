#!/usr/bin/env python3
"""`make test`: three builds, their tests, the seconds of each part, and one line of counts at the end.

  release    g++, as it is shipped: unit tests, fuzz corpora, and every suite against the real program
  sanitized  clang with ASan and UBSan: the same, without browsers and what needs no usher
  threads    clang with TSan: the unit tests of the modules that know of threads

`--only release` (or another) runs one part. A test that is skipped or was not built counts as failed.
"""

import argparse
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT_LINES_MAX = 150
THREADED = ("io", "channel", "server")


@dataclass
class Part:
    name: str
    configure: list = field(default_factory=list)
    targets: list = field(default_factory=list)
    select: list = field(default_factory=list)


@dataclass
class Count:
    passed: int = 0
    failed: int = 0

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed"


def parts():
    threaded = [module for module in THREADED if any((ROOT / "src" / module).glob("*_test.cpp"))]
    everything = [
        Part("release", configure=["-DUSHER_TESTS=ON", "-DUSHER_BENCH=ON"]),
        Part("sanitized", select=["-LE", "browser|client|tools"]),
    ]
    if threaded:
        targets = [f"usher_{module}_test" for module in threaded]
        everything.append(Part("threads", targets=targets, select=["-R", rf"^({'|'.join(threaded)})\."]))
    return everything


class Stopwatch:
    def __init__(self):
        self.rows = []

    def measure(self, name, action):
        started = time.monotonic()
        result = action()
        self.rows.append((name, time.monotonic() - started))
        print(f"-- {name}: {self.rows[-1][1]:.0f} s", flush=True)
        return result


def run(command, output=None):
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output).returncode == 0


def build(part, jobs):
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    return run(["cmake", "--preset", part.name, "--log-level=WARNING", *part.configure], output=subprocess.DEVNULL) and run(
        ["ninja", "-C", f"build/{part.name}", "-k0", f"-j{jobs}", *quiet, *part.targets]
    )


def test(part, jobs):
    """Runs ctest and counts. What passed is not shown; what failed is, with the end of its output."""
    folder = ROOT / "build" / part.name
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    for report in reports.glob("*.xml"):
        report.unlink()
    summary = folder / "ctest.xml"
    summary.unlink(missing_ok=True)
    options = [f"-j{jobs}", "--quiet", "--no-tests=error", "--output-junit", summary]
    finished = run(["ctest", "--preset", part.name, *options, *part.select])
    count = Count()
    if summary.exists():
        for case in xml.parse(summary).getroot().iter("testcase"):
            count.add(count_test(case, reports))
    if not finished and not count.failed:
        count.failed = 1
    return count


def count_test(case, reports):
    """One test of ctest: one, or as many as its own report says when it is a suite of another runner."""
    passed = case.get("status") == "run"
    report = reports / f"{case.get('name')}.xml"
    count = read_report(report) if report.exists() else Count(passed=int(passed))
    if not passed:
        count.failed = max(count.failed, 1)
        output = (case.findtext("system-out") or "").rstrip().split("\n")
        print(f"\nFAILED {case.get('name')} ({case.get('status')})")
        print("\n".join(output[-OUTPUT_LINES_MAX:]), flush=True)
    return count


def read_report(path):
    count = Count()
    try:
        cases = list(xml.parse(path).getroot().iter("testcase"))
    except xml.ParseError:
        return count
    for case in cases:
        if any(case.find(tag) is not None for tag in ("failure", "error", "skipped")):
            count.failed += 1
        else:
            count.passed += 1
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", choices=[part.name for part in parts()])
    arguments = parser.parse_args()
    total = Count()
    watch = Stopwatch()
    for part in parts():
        if arguments.only not in (None, part.name):
            continue
        if not watch.measure(f"{part.name} build", lambda: build(part, arguments.jobs)):
            print(f"FAILED {part.name}: the build", flush=True)
            total.failed += 1
            continue
        count = watch.measure(f"{part.name} tests", lambda: test(part, arguments.jobs))
        print(f"-- {part.name}: {count}", flush=True)
        total.add(count)
    print("\nseconds per part: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in watch.rows))
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
