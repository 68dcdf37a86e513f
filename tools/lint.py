#!/usr/bin/env python3
"""`make lint`, `make lint-all` (--all) and `make fmt` (--format).

tools/tidy.py, clang-format and the syntax checks read everything. clang-tidy is slow, so it reads what changed since
the main branch, and with --all everything.
"""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tidy

ROOT = tidy.ROOT
BUILD = ROOT / "build" / "lint"


def output_of(*command):
    """(succeeded, what it printed)"""
    result = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return result.returncode == 0, result.stdout


def changed_files(paths):
    """Those of `paths` that differ from where this branch left main; on main itself, from the commit before.

    All of them when there is no history to compare with.
    """
    known, base = output_of("git", "merge-base", "HEAD", "origin/main")
    same = known and base == output_of("git", "rev-parse", "HEAD")[1]
    if not known or same:
        known, base = output_of("git", "rev-parse", "--verify", "--quiet", "HEAD~1")
    differs, names = output_of("git", "diff", "--name-only", base.strip()) if known else (False, "")
    if not differs:
        return paths
    new = output_of("git", "ls-files", "--others", "--exclude-standard")[1]
    return [path for path in paths if path in set(names.split()) | set(new.split())]


def translation_units(paths, changed):
    """The .cpp files among `changed`, and those that include a changed header themselves."""
    headers = [f'#include "{path.removeprefix("src/")}"' for path in changed if path.endswith(".hpp")]
    units = []
    for path in paths:
        if path.endswith(".cpp"):
            text = (ROOT / path).read_text()
            if path in changed or any(header in text for header in headers):
                units.append(path)
    return units


def in_parallel(jobs, check, items):
    """Runs `check(item)` -> (succeeded, text) for each; prints the text of those that failed."""
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(check, items))
    for succeeded, text in results:
        if not succeeded:
            print(text.rstrip())
    return all(succeeded for succeeded, _ in results)


def check_tidy():
    good, text = output_of(sys.executable, "-B", "tools/tidy_test.py")
    print(text if not good else "", end="")
    return tidy.main() == 0 and good


def check_format(cpp):
    good, text = output_of("clang-format-19", "--dry-run", "-Werror", *cpp) if cpp else (True, "")
    print(text, end="")
    return good


def check_scripts(paths, jobs):
    scripts = [path for path in paths if path.endswith((".js", ".mjs"))]
    python = [path for path in paths if path.endswith(".py")]
    shell = [path for path in paths if path.endswith(".sh") or path == ".ci/run"]

    def check_script(path):
        # From standard input, because only there Node can be told that a .js file is a module.
        with open(ROOT / path, "rb") as file:
            result = subprocess.run(["node", "--input-type=module", "--check", "-"], stdin=file, capture_output=True, text=True)
        return result.returncode == 0, f"{path}: {result.stderr}"

    def check_python(path):
        try:
            compile((ROOT / path).read_text(), path, "exec")
        except SyntaxError as error:
            return False, f"{path}:{error.lineno}: {error.msg}"
        return True, ""

    return all(
        [
            in_parallel(jobs, check_script, scripts),
            in_parallel(1, check_python, python),
            in_parallel(jobs, lambda path: output_of("sh", "-n", path), shell),
        ]
    )


def check_clang_tidy(units, jobs):
    configured, text = output_of("cmake", "--preset", "lint", "--log-level=WARNING")
    if not configured:
        print(text)
        return False

    def check(unit):
        good, text = output_of("clang-tidy-19", "-p", str(BUILD), "--quiet", "--warnings-as-errors=*", unit)
        lines = [line for line in text.splitlines() if not line.endswith("warnings generated.") and "treated as error" not in line]
        return good, "\n".join(lines)

    # Long files first, so that the last one does not run alone.
    return in_parallel(jobs, check, sorted(units, key=lambda unit: -(ROOT / unit).stat().st_size))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--format", action="store_true")
    arguments = parser.parse_args()
    paths = tidy.repository_files()
    cpp = [path for path in paths if path.endswith((".cpp", ".hpp"))]
    if arguments.format:
        return subprocess.run(["clang-format-19", "-i", *cpp], cwd=ROOT).returncode
    units = translation_units(cpp, cpp if arguments.all else changed_files(cpp))
    checks = [
        ("tidy", check_tidy),
        (f"clang-format, {len(cpp)} files", lambda: check_format(cpp)),
        ("scripts", lambda: check_scripts(paths, arguments.jobs)),
        (f"clang-tidy, {len(units)} files", lambda: check_clang_tidy(units, arguments.jobs)),
    ]
    failed = []
    for name, check in checks:
        started = time.monotonic()
        if not check():
            failed.append(name)
        print(f"-- {name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"lint: {'failed: ' + '; '.join(failed) if failed else 'clean'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
