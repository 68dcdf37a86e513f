#!/usr/bin/env python3
"""An example for each rule of tools/tidy.py that must fail, and the nearest one that must not."""

import sys
import unittest

sys.dont_write_bytecode = True

import cpp_source
import tidy

TABLE = tidy.read_table("base:\nhttp: base\nio: base\nserver: base http io\n")

# (name, path, text, part of the expected message, or None when the text is well)
CASES = [
    ("includes what the table allows", "src/server/a.cpp", '#include "http/b.hpp"\n', None),
    ("includes its own module", "src/http/a.cpp", '#include "http/b.hpp"\n', None),
    ("includes a higher module", "src/http/a.cpp", '#include "server/b.hpp"\n', "http may not use server"),
    ("includes a sibling", "src/http/a.cpp", '#include "io/b.hpp"\n', "http may not use io"),
    ("a test includes a sibling", "src/http/a_test.cpp", '#include "io/b.hpp"\n', "http may not use io"),
    ("includes without a module", "src/http/a.cpp", '#include "b.hpp"\n', 'no "module/file.hpp"'),
    ("includes an unknown module", "src/http/a.cpp", '#include "spdlog/b.h"\n', 'no "module/file.hpp"'),
    ("links what the table allows", "src/io/CMakeLists.txt", "usher_module(io DEPENDS usher_base)\n", None),
    ("links a sibling", "src/io/CMakeLists.txt", "usher_module(io DEPENDS usher_http)\n", "io may not use http"),
    ("header with its guard", "src/base/a.hpp", "#pragma once\n", None),
    ("header without its guard", "src/base/a.hpp", "int a();\n", "no #pragma once"),
    ("file of 400 lines", "src/base/a.cpp", "int a;\n" * 400, None),
    ("file of 401 lines", "src/base/a.cpp", "int a;\n" * 401, "401 lines; a file"),
    ("function of 60 lines", "src/base/a.cpp", "int f() {\n" + "  g();\n" * 58 + "}\n", None),
    ("function of 61 lines", "src/base/a.cpp", "int f() {\n" + "  g();\n" * 59 + "}\n", "61 lines; a function"),
    ("method of 61 lines", "src/base/a.cpp", "struct A {\n  int f() const {\n" + "    g();\n" * 59 + "  }\n};\n", "61 lines; a function"),
    ("long struct of short methods", "src/base/a.cpp", "struct A {\n" + "  int f() { return 1; }\n" * 80 + "};\n", None),
    ("long table", "src/base/a.cpp", "const int table[] = {\n" + "  f(1),\n" * 80 + "};\n", None),
    ("long test", "src/base/a_test.cpp", "TEST(A, b) {\n" + "  g();\n" * 80 + "}\n", None),
    ("standard regex", "src/base/a.cpp", "std::regex a;\n", "use RE2"),
    ("standard regex header", "src/base/a.cpp", "#include <regex>\n", "use RE2"),
    ("standard regex in a comment", "src/base/a.cpp", "// std::regex crashes.\n", None),
    ("using namespace", "src/base/a.cpp", "using namespace std;\n", "using namespace"),
    ("literals", "src/base/a_test.cpp", "using namespace std::chrono_literals;\n", None),
    ("macro", "src/base/a.cpp", "#define MAX 3\n", "no macro"),
    ("assertion macro", "src/base/a.hpp", "#pragma once\n#define ASSERT(x) check(x)\n", None),
    ("switched off code", "src/base/a.cpp", "#if 0\n#endif\n", "switched off"),
    ("goto", "src/base/a.cpp", "void f() { goto end; }\n", "no goto"),
    ("coroutine", "src/base/a.cpp", "A f() { co_return 1; }\n", "no coroutines"),
    ("shared_from_this", "src/base/a.cpp", "auto a = shared_from_this();\n", "by handle"),
    ("new", "src/base/a.cpp", "auto* a = new A();\n", "no bare new"),
    ("placement new", "src/base/a.cpp", "auto* a = ::new (place) A();\n", None),
    ("new in a counted block", "src/base/counted.hpp", "#pragma once\nauto* a = new A();\n", None),
    ("include of new", "src/base/a.cpp", "#include <new>\n", None),
    ("delete", "src/base/a.cpp", "void f(A* a) { delete a; }\n", "no bare delete"),
    ("deleted function", "src/base/a.cpp", "struct A { A(const A&) = delete; };\n", None),
    ("method in SQL", "src/base/a.cpp", 'auto a = "delete from tickets";\n', None),
    ("clock in a deterministic module", "src/http/a.cpp", "auto a = std::chrono::steady_clock::now();\n", "deterministic"),
    ("socket in a deterministic module", "src/http/a.cpp", "#include <sys/socket.h>\n", "deterministic"),
    ("clock in io", "src/io/a.cpp", "auto a = std::chrono::steady_clock::now();\n", None),
    ("sleep in a test", "src/io/a_test.cpp", "std::this_thread::sleep_for(a);\n", "no sleep"),
    ("sleep in a Python test", "tests/integration/test_a.py", "time.sleep(1)\n", "no sleep"),
    ("yield in a Python test", "tests/integration/test_a.py", "await asyncio.sleep(0)\n", None),
    ("sleep in a browser test", "tests/browser/a.test.mjs", "await page.waitForTimeout(100);\n", "no sleep"),
    ("skipped test", "src/io/a_test.cpp", "TEST(A, DISABLED_b) {}\n", "no skipped test"),
    ("skipped Python test", "tests/integration/test_a.py", "@pytest.mark.skip\n", "no skipped test"),
    ("skipped browser test", "tests/browser/a.test.mjs", "test.skip('a', () => {});\n", "no skipped test"),
    ("unfinished", "docs/a.md", "TO" "DO\n", "unfinished"),
    ("suppression", "src/base/a.cpp", "f();  // NO" "LINT\n", "no suppressed warning"),
    ("vague file name", "src/base/string_util.hpp", "#pragma once\n", "`util` says nothing"),
    ("vague folder", "src/common/a.hpp", "#pragma once\n", "`common` says nothing"),
    ("vague type", "src/base/a.hpp", "#pragma once\nclass SessionManager;\n", "`SessionManager` says nothing"),
    ("vague suffix", "src/base/a.hpp", "#pragma once\nstruct LogImpl {};\n", "`LogImpl` says nothing"),
    ("word that begins like a vague one", "src/base/a.hpp", "#pragma once\nstruct Implicit {};\n", None),
    ("tab", "src/base/a.cpp", "\tint a;\n", "tab"),
    ("tab in a Makefile", "Makefile", "a:\n\tb\n", None),
    ("blanks at the end", "src/base/a.cpp", "int a; \n", "blanks at the end"),
    ("no newline at the end", "src/base/a.cpp", "int a;", "no newline"),
    ("README of 40 lines", "src/base/README.md", "a\n" * 40, None),
    ("README of 41 lines", "src/base/README.md", "a\n" * 41, "at most 40 lines"),
]


class Rules(unittest.TestCase):
    def test_each_rule(self):
        for name, path, text, expected in CASES:
            with self.subTest(name):
                checker = tidy.Tidy(TABLE)
                checker.check_file(path, text)
                if expected is None:
                    self.assertEqual(checker.findings, [])
                else:
                    self.assertEqual(len(checker.findings), 1, checker.findings)
                    self.assertIn(expected, checker.findings[0])

    def test_module_without_readme_or_row(self):
        checker = tidy.Tidy(TABLE)
        checker.check_modules({"src/base/a.cpp", "src/io/README.md", "src/new/README.md"})
        self.assertEqual(checker.findings, ["src/base:1: module has no README.md", "src/new:1: module is not in tools/module_table.txt"])

    def test_table_must_be_in_layers(self):
        with self.assertRaises(ValueError):
            tidy.read_table("base: http\nhttp: base\n")

    def test_the_real_table_is_in_layers(self):
        table = tidy.read_table((tidy.ROOT / "tools" / "module_table.txt").read_text())
        self.assertEqual(table["base"], ())

    def test_findings_name_the_line(self):
        checker = tidy.Tidy(TABLE)
        checker.check_file("src/base/a.cpp", "// first\n\n  goto end;\n")
        self.assertEqual(checker.findings, ["src/base/a.cpp:3: no goto; use a State enum"])


class Blank(unittest.TestCase):
    def test_keeps_code_and_lines(self):
        cases = [
            ("a // b\nc", "a     \nc"),
            ("a /* b\n */ c", "a     \n    c"),
            ('f("}//");', "f(     );"),
            ('f("\\"{");', "f(     );"),
            ("f('\"', 1'000'000);", "f(   , 1'000'000);"),
            ('R"x(a"\n)")x" b', "      \n      b"),
        ]
        for text, expected in cases:
            with self.subTest(text):
                self.assertEqual(cpp_source.blank(text), expected)

    def test_functions(self):
        text = "namespace a {\nclass B : public C<D> {\n public:\n  B() : b_(1) {}\n};\nint f(int a = 3) {\n  if (a) {\n  }\n}\n}\n"
        self.assertEqual(cpp_source.functions(text), [(4, 4), (6, 9)])


if __name__ == "__main__":
    unittest.main()
