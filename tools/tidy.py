#!/usr/bin/env python3
"""Checks the mechanical rules of the code base: who may include whom, sizes, names, forbidden words.

Run without arguments it reads every file of the repository and prints `file:line: message` for each finding;
exit code 1 if there is one. tools/tidy_test.py has an example that must fail for each rule.
"""

import re
import subprocess
import sys
from pathlib import Path

import cpp_source

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
README_LINES_MAX = 40

# Words are written in two parts, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
VAGUE_WORDS = ("util", "utils", "utility", "common", "manager", "helper", "helpers", "impl", "misc")
VAGUE_TYPE = re.compile(r"\b(?:class|struct|enum|union|concept|using)\s+(?:class\s+)?(\w*(?:Util|Common|Manager|Helper|Impl)(?:s|ity)?(?![a-z])\w*)")

# (files by suffix of the name, pattern in code without comments and strings, message)
CODE_RULES = [
    (re.compile(r"\bstd\s*::\s*(?:basic_|w)?regex\w*|#\s*include\s*<regex>"), "std::regex crashes on long input; use RE2"),
    (re.compile(r"\busing\s+namespace\b(?!\s+std(::chrono)?(::literals)?::\w*literals\b)"), "no `using namespace`"),
    (re.compile(r"^\s*#\s*define\s+(?!ASSERT\b)", re.MULTILINE), "no macro but ASSERT"),
    (re.compile(r"^\s*#\s*if\s+0\b", re.MULTILINE), "no code that is switched off"),
    (re.compile(r"\bgoto\b"), "no goto; use a State enum"),
    (re.compile(r"\b(?:co_await|co_return|co_yield)\b"), "no coroutines"),
    (re.compile(r"\bshared_from_this\b"), "no shared_from_this; name it by handle"),
]
OWNERSHIP_RULES = [
    (re.compile(r"(?<!operator )(?<!operator)\bnew\b(?!\s*\()"), "no bare new; use a value or unique_ptr"),
    (re.compile(r"(?<!operator )(?<!operator)(?<!= )(?<!=)\bdelete\b"), "no bare delete; use a value or unique_ptr"),
]
OWNERSHIP_EXCEPTIONS = re.compile(r"^src/base/(counted|slab)")
# Modules that take bytes and `now` and give events: no clock, thread, lock, socket or random call.
DETERMINISTIC = ("http", "websocket", "dialect", "schema", "channel")
DETERMINISTIC_RULE = re.compile(
    r"#\s*include\s*<(?:thread|mutex|shared_mutex|condition_variable|future|random|unistd\.h|sys/\w+\.h|netinet/\w+\.h|poll\.h)>"
    r"|\b(?:steady|system|high_resolution)_clock\b"
)
TEST_RULES = {
    ".cpp": [
        (re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\("), "no sleep in a test"),
        (re.compile(r"\bGTEST_SKIP\b|\bDISABLED_\w+"), "no skipped test"),
    ],
    ".py": [
        (re.compile(r"\b(?:time\.sleep|asyncio\.sleep)\s*\((?!\s*0\s*\))"), "no sleep in a test"),
        (re.compile(r"\bpytest\.(?:skip|mark\.skip|mark\.xfail|xfail|importorskip)|\bunittest\.skip"), "no skipped test"),
    ],
    ".js": [
        (re.compile(r"\bwaitForTimeout\s*\("), "no sleep in a test"),
        (re.compile(r"\b(?:test|it|describe|suite)\.(?:skip|only|todo)\b|\bskip:\s*true"), "no skipped test"),
    ],
}
TEST_RULES[".mjs"] = TEST_RULES[".js"]
SUPPRESSION = re.compile(r"\bNO" r"LINT")


class Tidy:
    """Collects findings about files, which it is given as a path inside the repository and a text."""

    def __init__(self, table):
        self.table = table
        self.findings = []

    def report(self, path, line, message):
        self.findings.append(f"{path}:{line}: {message}")

    def check_file(self, path, text):
        self._check_name(path)
        self._check_text(path, text)
        suffix = Path(path).suffix
        if suffix in (".hpp", ".cpp"):
            self._check_cpp(path, text)
        elif is_test(path):
            self._match(path, text, TEST_RULES.get(suffix, []))
        if path.startswith("src/") and path.endswith("CMakeLists.txt"):
            self._check_depends(path, text)

    def check_modules(self, paths):
        """Every folder of src/ is a row of the table and has a README of bounded length (its text comes separately)."""
        for module in sorted({path.split("/")[1] for path in paths if path.count("/") >= 2 and path.startswith("src/")}):
            if module not in self.table:
                self.report(f"src/{module}", 1, "module is not in tools/module_table.txt")
            if f"src/{module}/README.md" not in paths:
                self.report(f"src/{module}", 1, "module has no README.md")

    def _match(self, path, text, rules):
        for pattern, message in rules:
            for match in pattern.finditer(text):
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                self.report(path, text.count("\n", 0, start) + 1, message)

    def _check_name(self, path):
        for part in Path(path).parts:
            for word in re.split(r"[._\-]", part.lower()):
                if word in VAGUE_WORDS:
                    self.report(path, 1, f"`{word}` says nothing; name what it is")

    def _check_text(self, path, text):
        tabs_allowed = Path(path).name == "Makefile" or path.endswith(".mk")
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                self.report(path, number, "blanks at the end of the line")
            if "\t" in line and not tabs_allowed:
                self.report(path, number, "tab")
            if UNFINISHED.search(line):
                self.report(path, number, "unfinished: do it, or leave the note out")
            if SUPPRESSION.search(line):
                self.report(path, number, "no suppressed warning; write it so that there is none")
        if text and not text.endswith("\n"):
            self.report(path, text.count("\n") + 1, "no newline at the end of the file")
        if re.fullmatch(r"src/\w+/README\.md", path) and text.count("\n") > README_LINES_MAX:
            self.report(path, text.count("\n"), f"a module's README has at most {README_LINES_MAX} lines")

    def _check_cpp(self, path, text):
        blanked = cpp_source.blank(text)
        if path.endswith(".hpp") and not re.search(r"^#pragma once$", text, re.MULTILINE):
            self.report(path, 1, "no #pragma once")
        for match in VAGUE_TYPE.finditer(blanked):
            self.report(path, blanked.count("\n", 0, match.start()) + 1, f"`{match.group(1)}` says nothing; name what it is")
        self._match(path, blanked, CODE_RULES)
        if is_test(path):
            self._match(path, blanked, TEST_RULES[".cpp"])
        if not path.startswith("src/"):
            return
        self._check_sizes(path, text, blanked)
        self._check_includes(path, text)
        if not OWNERSHIP_EXCEPTIONS.search(path):
            code = re.sub(r"^\s*#.*$", "", blanked, flags=re.MULTILINE)
            self._match(path, code, OWNERSHIP_RULES)
        if path.split("/")[1] in DETERMINISTIC and not is_test(path):
            self._match(path, blanked, [(DETERMINISTIC_RULE, "this module is deterministic: no clock, thread, socket or random call")])

    def _check_sizes(self, path, text, blanked):
        lines = text.count("\n")
        if lines > FILE_LINES_MAX:
            self.report(path, lines, f"{lines} lines; a file has at most {FILE_LINES_MAX}")
        if is_test(path):
            return
        for first, last in cpp_source.functions(blanked):
            if last - first + 1 > FUNCTION_LINES_MAX:
                self.report(path, first, f"{last - first + 1} lines; a function has at most {FUNCTION_LINES_MAX}")

    def _check_includes(self, path, text):
        module = path.split("/")[1]
        for match in re.finditer(r'^\s*#\s*include\s*"([^"]*)"', text, re.MULTILINE):
            line = text.count("\n", 0, match.start()) + 1
            used, slash, _ = match.group(1).partition("/")
            if not slash or used not in self.table:
                self.report(path, line, f'"{match.group(1)}" is no "module/file.hpp"')
            elif used != module and used not in self.table.get(module, ()):
                self.report(path, line, f"{module} may not use {used} (tools/module_table.txt)")

    def _check_depends(self, path, text):
        module = path.split("/")[1]
        for match in re.finditer(r"\busher_(\w+)\b", re.sub(r"#.*", "", text)):
            used = match.group(1)
            if used in self.table and used != module and used not in self.table.get(module, ()):
                self.report(path, text.count("\n", 0, match.start()) + 1, f"{module} may not use {used} (tools/module_table.txt)")


def is_test(path):
    return path.startswith("tests/") or path.startswith("clients/js/test") or path.endswith(("_test.cpp", "_test.hpp")) or ".test." in path


def read_table(text):
    """{module: what it may use}; a module may use only what stands above it."""
    table = {}
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        module, _, used = line.partition(":")
        unknown = [name for name in used.split() if name not in table]
        if unknown:
            raise ValueError(f"module table: {module} uses {unknown[0]}, which does not stand above it")
        table[module] = tuple(used.split())
    return table


def repository_files():
    """Paths of all text files that are, or are about to be, in the repository."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True)
    if listing.returncode == 0:
        paths = sorted(set(listing.stdout.decode().split("\0")) - {""})
    else:
        ignored = {".git", "build", "node_modules", ".venv", "__pycache__"}
        paths = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if not ignored & set(path.parts))
    return [path for path in paths if (ROOT / path).is_file() and not is_data(path)]


def is_data(path):
    """Bytes that are what they are: inputs of tests, locks, pictures, and the licence."""
    name = Path(path).name
    return (
        path.startswith("tests/corpus/")
        or "/vectors/" in path
        or name in ("package-lock.json", "LICENSE")
        or Path(path).suffix in (".png", ".jpg", ".ico", ".webp", ".woff2", ".pem", ".gz", ".bin", ".golden", ".trace")
    )


def main():
    tidy = Tidy(read_table((ROOT / "tools" / "module_table.txt").read_text()))
    paths = repository_files()
    for path in paths:
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            tidy.report(path, 1, "not UTF-8")
            continue
        tidy.check_file(path, text)
    tidy.check_modules(set(paths))
    for finding in tidy.findings:
        print(finding)
    print(f"tidy: {len(paths)} files, {len(tidy.findings)} findings")
    return 1 if tidy.findings else 0


if __name__ == "__main__":
    sys.exit(main())
